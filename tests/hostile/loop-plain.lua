-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-plain",
  run = function(book)
    while true do end
  end,
}
