-- expect: 1 124
-- says: most|timed out
return playbook {
  name = "hostile-memory-tasks-small",
  writes = { "task" },
  run = function(book)
    while true do task { account = "C0001", title = "x" } end
  end,
}
