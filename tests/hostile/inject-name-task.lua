-- expect: 0
-- never: 13900000001
-- line: none
-- command: cp $db $work/i.db; $pareto run $file --db $work/i.db --yes --no-input --timeout 1; rm $work/i.db
return playbook {
  name = "hostile-inject-name-task",
  writes = { "task" },
  run = function(book)
    accounts:each(function(a) task { account = a, title = a.name } end)
  end,
}
