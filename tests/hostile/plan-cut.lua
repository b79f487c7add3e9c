-- expect: 0
-- needs: apply
-- line: none
-- command: cp $db $work/f.db; cd $work; $pareto plan $file --db f.db --timeout 1 >/dev/null 2>&1; n=$(stat -c %s f.db.plans/p-0001); for k in 0 1 8 20 64 200 $((n / 2)) $((n - 1)); do cp f.db t.db; mkdir -p t.db.plans; head -c $k f.db.plans/p-0001 >t.db.plans/p-0001; for v in "apply p-0001" "show p-0001" "diff p-0001"; do $pareto $v --db t.db >out 2>&1; c=$?; test $c = 1 -o $c = 2 || { echo "cut at $k: $v: exit $c"; cat out; exit 98; }; done; rm -rf t.db*; done; rm -rf f.db*; exit 0
return playbook {
  name = "hostile",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("tier", "B")
  end,
}
