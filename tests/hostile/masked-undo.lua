-- expect: 4
-- says: cannot be undone
-- says: %(masked%)
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
-- needs: undo
-- line: none
-- command: $pareto init --db u.db; sqlite3 u.db <$(dirname $file)/seed.sql; for i in 1 2; do $pareto run $file --db u.db --yes --no-input --set n=$i || exit 9; done; for v in 'show 1' history 'diff 1 2' 'why P1 phone --of contact' 'why P1 title --of contact' 'whynot P1 phone 1 --of contact' 'undo 1 --yes'; do $pareto $v --db u.db; c=$?; done; rm u.db*; exit $c
return playbook {
  name = "hostile-masked-undo",
  args = "n : text = '1'",
  writes = { "contact.phone", "contact.title" },
  grants = { "contact.phone", "contact.title", "contact.name" },
  run = function(book)
    contacts:put("phone", "+86 1" .. book.args.n):assign("title", "name + '" .. book.args.n .. "'")
  end,
}
