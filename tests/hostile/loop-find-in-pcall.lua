-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-find-in-pcall",
  run = function(book)
    local s = string.rep("a", 30)
    local p = string.rep("a?", 30) .. s
    while true do pcall(string.find, s, p .. "b") end
  end,
}
