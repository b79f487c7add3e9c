-- expect: 1
-- says: code|key|twice|unique
return playbook {
  name = "hostile-write-key",
  writes = { "account.code" },
  run = function(book)
    accounts:put("code", "C0001")
  end,
}
