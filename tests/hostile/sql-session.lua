-- expect: 0
-- never: 13900000001
-- never: root:
-- line: none
-- command: cd $work; grep -v "^--" $file | while read -r q; do $pareto eval "sql[==[$q]==]" $usual; done; test ! -e stolen -a ! -e stolen.db -a ! -e x.db
-- The session reads only. One statement a line; no Lua here.
ATTACH 'x.db' AS x
COMMIT
ROLLBACK
SAVEPOINT x
DROP TABLE account
CREATE TEMP TABLE t(x)
PRAGMA writable_schema = 1
UPDATE account SET tier = 'A'
INSERT OR ROLLBACK INTO account(id, code) VALUES(1, 'C0001')
VACUUM INTO 'stolen.db'
REINDEX
SELECT load_extension('x')
SELECT phone FROM contact
SELECT * FROM contact
SELECT readfile('/etc/passwd')
SELECT writefile('stolen', 'x')
SELECT 1; DROP TABLE account
UPDATE sqlite_schema SET sql = ''
