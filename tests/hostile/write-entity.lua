-- expect: 1
-- says: writes|account
-- line: none
return playbook {
  name = "hostile-write-entity",
  writes = { "account" },
  run = function(book)
    accounts:put("tier", "A")
  end,
}
