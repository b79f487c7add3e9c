-- expect: 1
-- says: none ran
-- never: 13900000001
-- never: root:
local statements = {
  [[ATTACH 'x.db' AS x]],
  [[COMMIT]],
  [[ROLLBACK]],
  [[SAVEPOINT x]],
  [[DROP TABLE account]],
  [[CREATE TEMP TABLE t(x)]],
  [[PRAGMA writable_schema = 1]],
  [[UPDATE account SET tier = 'A']],
  [[INSERT OR ROLLBACK INTO account(id, code) VALUES(1, 'C0001')]],
  [[VACUUM INTO 'stolen.db']],
  [[REINDEX]],
  [[SELECT load_extension('x')]],
  [[SELECT phone FROM contact]],
  [[SELECT * FROM contact]],
  [[SELECT readfile('/etc/passwd')]],
  [[SELECT writefile('stolen', 'x')]],
  [[SELECT 1; DROP TABLE account]],
  [[UPDATE sqlite_schema SET sql = '']],
}
return playbook {
  name = "hostile-sql-script",
  run = function(book)
    for _, statement in ipairs(statements) do
      local ok = pcall(function() return sql(statement) end)
      if ok then error("ran " .. statement) end
    end
    error("none ran")
  end,
}
