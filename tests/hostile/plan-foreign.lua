-- expect: 1 4
-- says: plan
-- needs: apply
-- line: none
-- command: cp $db $work/f.db; cp $db $work/g.db; cd $work; sqlite3 g.db "UPDATE account SET tier = 'D'"; $pareto plan $file --db f.db --timeout 1; mkdir g.db.plans; cp f.db.plans/p-0001 g.db.plans/; $pareto apply p-0001 --db g.db; c=$?; rm -r f.db* g.db*; exit $c
return playbook {
  name = "hostile",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("tier", "B")
  end,
}
