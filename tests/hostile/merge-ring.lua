-- expect: 0 1
-- needs: merge
-- line: none
-- command: cp $db $work/m.db; cd $work; sqlite3 m.db "UPDATE account SET parent = 1 WHERE id = 2; UPDATE account SET parent = 2 WHERE id = 3"; $pareto verify --adopt --yes --db m.db; $pareto merge C0001 C0003 --db m.db --yes; c=$?; test "$(sqlite3 m.db "WITH RECURSIVE up(id, n) AS (SELECT id, 0 FROM account UNION ALL SELECT a.parent, n + 1 FROM up JOIN account a USING(id) WHERE a.parent IS NOT NULL AND n < 50) SELECT max(n) FROM up")" -lt 50 || c=99; $pareto verify --db m.db || c=98; rm -r m.db*; exit $c
return nil
