-- expect: 1
-- says: id|field
-- line: none
return playbook {
  name = "hostile-write-id",
  writes = { "account.id" },
  run = function(book)
    accounts:put("id", 1)
  end,
}
