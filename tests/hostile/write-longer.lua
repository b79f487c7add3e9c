-- expect: 1
-- says: writes|account.tier
-- line: none
return playbook {
  name = "hostile-write-longer",
  writes = { "account.tiers" },
  run = function(book)
    accounts:put("tier", "A") -- here
  end,
}
