-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-task-template",
  writes = { "task" },
  run = function(book)
    contacts:each(function(c) task { account = c.account, title = c:say("{phone}") } end)
  end,
}
