-- expect: 0 1
-- never: 13900000001
-- never: 王建国
-- needs: undo
-- line: none
-- command: cp $db $work/u.db; $pareto run $file --db $work/u.db --yes --no-input --timeout 1; $pareto show 1 --db $work/u.db; $pareto undo 1 --db $work/u.db --yes; $pareto history --db $work/u.db; $pareto show 2 --db $work/u.db; rm $work/u.db
return playbook {
  name = "hostile-masked-undo",
  writes = { "contact.phone", "contact.name" },
  run = function(book) contacts:put("phone", "0"):put("name", "x") end,
}
