-- expect: 1
-- says: tier|one of|Z
-- line: none
return playbook {
  name = "hostile-write-domain",
  writes = { "account.tier" },
  fields = [[ grade9 : one of A, B ]],
  run = function(book)
    accounts:put("tier", "Z")
  end,
}
