-- expect: 1
-- says: writes|Account
-- line: none
return playbook {
  name = "hostile-write-case",
  writes = { "Account.Tier" },
  run = function(book)
    accounts:put("tier", "A")
  end,
}
