-- expect: 1
-- says: code|null|required|empty|key
return playbook {
  name = "hostile-write-null-key",
  writes = { "account.code" },
  run = function(book)
    accounts:put("code", null)
  end,
}
