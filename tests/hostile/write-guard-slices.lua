-- expect: 1
-- says: guard|max_percent
-- line: none
return playbook {
  name = "hostile-write-guard-slices",
  writes = { "account.tier" },
  guards = { max_percent = 40 },
  run = function(book)
    for a in accounts do a:put("tier", "A") end
  end,
}
