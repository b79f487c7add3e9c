-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-iterator",
  run = function(book)
    for a in accounts do while true do local _ = a.code end end
  end,
}
