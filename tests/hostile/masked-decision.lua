-- expect: 1
-- says: masked for you
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
-- needs: whynot
-- line: none
-- command: $pareto init --db u.db; sqlite3 u.db <$(dirname $file)/seed.sql; $pareto run $file --db u.db --yes --no-input >u.txt || exit 9; sqlite3 u.db "INSERT INTO rolegrant(role, name) VALUES('chief', 'contact.phone'), ('chief', 'contact.name'), ('chief', 'contact.title')"; for v in 'show 1' 'diff 1 1' 'why P1 title --of contact' 'whynot P1 title x --of contact' 'whynot P1 phone x --of contact'; do $pareto $v --db u.db; c=$?; done; rm u.db* u.txt; exit $c
return playbook {
  name = "hostile-masked-decision",
  of = "contact",
  writes = { "contact.title" },
  grants = { "contact.phone", "contact.name", "contact.title" },
  tables = { t = [[
    first | phone         | name   || title | why
          | '13900000001' | -      || boss  | {phone} {name}
          | -             | '王建国' || boss  | {name}
          | -             | -      || other | {phone}
  ]] },
  run = function(book)
    book.all:decide "t"
    book:show("People", book.all:show "code, name, phone")
  end,
}
