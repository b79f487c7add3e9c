-- expect: 1
-- says: writes|status
return playbook {
  name = "hostile-write-other-field",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("status", "closed") -- here
  end,
}
