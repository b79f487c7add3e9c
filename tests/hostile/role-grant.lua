-- expect: 1
-- says: masked|role|grant
-- never: 13900000001
-- never: 13900000002
-- needs: grant
-- line: none
-- command: cp $db $work/r.db; cd $work; sqlite3 $work/r.db "INSERT INTO staff(code, name, login, role) VALUES('S1', 'x', '$(id -un)', 'clerk')"; $pareto grant chief contact.phone --db $work/r.db --yes; $pareto run $file --db $work/r.db --yes --no-input --timeout 1; c=$?; rm -r $work/r.db*; exit $c
return playbook {
  name = "hostile",
  grants = { "contact.phone" },
  run = function(book)
    for c in contacts do error(c.phone) end
  end,
}
