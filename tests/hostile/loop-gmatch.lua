-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-gmatch",
  run = function(book)
    while true do for _ in string.gmatch(string.rep("x", 1000), "()") do end end
  end,
}
