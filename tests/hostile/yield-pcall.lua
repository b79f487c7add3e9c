-- expect: 1 124
-- says: yield|timed out
return playbook {
  name = "hostile-yield-pcall",
  run = function(book)
    while true do pcall(coroutine.yield) end
  end,
}
