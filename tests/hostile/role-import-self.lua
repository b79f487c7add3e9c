-- expect: 1
-- says: approve|role
-- needs: grant
-- line: none
-- command: cp $db $work/r.db; cd $work; sqlite3 $work/r.db "INSERT INTO staff(code, name, login, role) VALUES('S1', 'x', '$(id -un)', 'clerk')"; $pareto run $file --db $work/r.db --yes --no-input; sqlite3 $work/r.db "INSERT INTO rolegrant(role, name) VALUES('chief', 'approve')"; sqlite3 $work/r.db .dump >$work/r1; printf "code,role\\nS1,chief\\n" >$work/staff.csv; $pareto import $work/staff.csv --as staff --db $work/r.db; c=$?; sqlite3 $work/r.db .dump >$work/r2; cmp $work/r1 $work/r2 || c=99; rm -r $work/r.db*; exit $c
return playbook {
  name = "hostile",
  writes = { "account.tier" },
  run = function(book)
    accounts:assign("tier", "if tier = 'D' then 'C' else 'D'")
  end,
}
