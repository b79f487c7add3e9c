-- expect: 1
-- says: guard|max_changes
-- line: none
return playbook {
  name = "hostile-write-guard",
  writes = { "account.tier" },
  guards = { max_changes = 1 },
  run = function(book)
    accounts:put("tier", "A")
  end,
}
