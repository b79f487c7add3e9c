-- expect: 4
-- says: %(masked%) planned, %(masked%) today
-- never: 13900000001
-- never: 13900000003
-- never: 陈立
-- never: 李四
-- needs: diff
-- line: none
-- command: $pareto init --db u.db; sqlite3 u.db <$(dirname $file)/seed.sql; $pareto plan $file --db u.db --no-input || exit 9; $pareto show p-0001 --db u.db; sqlite3 u.db "UPDATE contact SET phone = '13900000003', name = '李四' WHERE id = 2"; $pareto diff p-0001 --db u.db; $pareto apply p-0001 --db u.db --yes --no-input; c=$?; rm -r u.db*; exit $c
return playbook {
  name = "hostile-masked-diff",
  writes = { "contact.phone", "contact.title" },
  grants = { "contact.phone", "contact.title", "contact.name" },
  run = function(book) contacts:put("phone", "+86 1"):assign("title", "name") end,
}
