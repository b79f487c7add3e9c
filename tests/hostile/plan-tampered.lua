-- expect: 0
-- needs: apply
-- line: none
-- command: cp $db $work/f.db; cd $work; $pareto plan $file --db f.db --timeout 1 >/dev/null 2>&1; n=$(stat -c %s f.db.plans/p-0001); i=0; while [ $i -lt 40 ]; do cp f.db t.db; rm -rf t.db.plans; cp -r f.db.plans t.db.plans; printf "\\$(printf %o $((i * 37 % 256)))" | dd of=t.db.plans/p-0001 bs=1 seek=$((n * i / 40)) conv=notrunc 2>/dev/null; $pareto apply p-0001 --db t.db >out 2>&1; c=$?; case $c in 0|1|2|4) ;; *) echo "byte $((n * i / 40)): exit $c"; cat out; exit 98;; esac; test $c = 0 && test "$(sqlite3 t.db "SELECT group_concat(DISTINCT tier) FROM account")" != B && exit 99; rm -rf t.db*; i=$((i + 1)); done; rm -rf f.db*; exit 0
return playbook {
  name = "hostile",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("tier", "B")
  end,
}
