-- expect: 4
-- says: cannot be undone
-- never: 13900000001
-- never: 王建国
-- never: 陈立
-- line: none
-- command: $pareto init --db u.db; sqlite3 u.db <$(dirname $file)/seed.sql; printf 'code,account,name,phone\nP1,C0001,x,13900000009\nP2,C0002,y,1\n' >c.csv; $pareto import c.csv --as contact --yes --no-input --db u.db; $pareto show 1 --db u.db; printf 'code,account,name\nP1,C0001,z\n' >c.csv; $pareto import c.csv --as contact --yes --no-input --db u.db; $pareto show 1 --db u.db; $pareto diff 1 2 --db u.db; $pareto undo 1 --yes --no-input --db u.db; c=$?; rm -f u.db* c.csv*; exit $c
return playbook { name = "hostile-masked-import" }
