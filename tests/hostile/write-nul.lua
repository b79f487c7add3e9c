-- expect: 1
-- says: writes|field|status
return playbook {
  name = "hostile-write-nul",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("status\0x", "closed") -- here
  end,
}
