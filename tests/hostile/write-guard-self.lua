-- expect: 1
-- says: guard|book|part
return playbook {
  name = "hostile-write-guard-self",
  writes = { "account.tier" },
  guards = { max_percent = 1 },
  run = function(book)
    book.guards = { max_percent = 100 }
    accounts:put("tier", "A")
  end,
}
