-- expect: 0
-- never: IMPOSTOR
-- needs: merge
-- line: none
-- command: cp $db $work/m.db; cd $work; $pareto verify --adopt --yes --db m.db; $pareto merge C0001 C0002 --db m.db --yes; printf "code,name\nC0001,impostor\n" >a.csv; $pareto import a.csv --as account --db m.db; test "$(sqlite3 m.db "SELECT count(*) FROM account WHERE code = 'C0001'")" = 0 || echo IMPOSTOR; $pareto verify --db m.db; c=$?; rm -r m.db*; exit $c
return nil
