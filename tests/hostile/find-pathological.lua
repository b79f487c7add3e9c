-- expect: 1 124
-- says: timed out|too complex
return playbook {
  name = "hostile-find-pathological",
  run = function(book)
    local s = string.rep("a", 30000)
    while true do string.find(s, string.rep("a?", 200) .. string.rep("a", 200) .. "b") end
  end,
}
