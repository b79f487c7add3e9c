-- expect: 1
-- says: half
return playbook {
  name = "hostile-write-half",
  writes = { "account.tier", "segment:half", "task" },
  run = function(book)
    accounts:put("tier", "A")
    segment("half"):becomes(accounts)
    error("half way")
  end,
}
