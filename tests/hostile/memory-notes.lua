-- expect: 1 124
-- says: memory|timed out|report
return playbook {
  name = "hostile-memory-notes",
  run = function(book)
    local big = string.rep("x", 1 << 20)
    while true do book:note(big) end
  end,
}
