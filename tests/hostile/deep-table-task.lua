-- expect: 1
-- says: title|deep|table|text|list
return playbook {
  name = "hostile-deep-table-task",
  writes = { "task" },
  run = function(book)
    local t = {}
    for _ = 1, 1e5 do t = { t } end
    task { account = "C0001", title = t }
  end,
}
