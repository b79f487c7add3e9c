-- expect: 1
-- says: rowid|reserved|taken|name
-- line: none
return playbook {
  name = "hostile-fields-rowid",
  writes = { "account.rowid" },
  fields = [[ rowid : number ]],
  run = function(book)
    accounts:put("rowid", 1)
  end,
}
