-- expect: 1
-- says: writes|account.tier
return playbook {
  name = "hostile-write-prefix",
  writes = { "account.tie" },
  run = function(book)
    accounts:put("tier", "A") -- here
  end,
}
