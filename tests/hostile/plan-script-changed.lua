-- expect: 0 1 4
-- needs: apply
-- line: none
-- command: cp $db $work/f.db; cd $work; cp $file good.lua; $pareto plan good.lua --db f.db --timeout 1; sed -i "s/, .B.)/, [[D]])/" good.lua; $pareto apply p-0001 --db f.db; c=$?; sqlite3 f.db "SELECT tier FROM account" | grep -q D && c=99; rm -r f.db* good.lua; exit $c
return playbook {
  name = "hostile",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("tier", "B")
  end,
}
