-- expect: 1 124
-- says: long|many|most|memory|timed out|limit
-- line: none
return playbook {
  name = "hostile-memory-tasks",
  writes = { "task" },
  run = function(book)
    local text = string.rep("x", 1 << 20)
    while true do task { account = "C0001", title = text } end
  end,
}
