-- expect: 1
-- says: long|large|limit|MB|memory
return playbook {
  name = "hostile-memory-value",
  writes = { "account.address" },
  run = function(book)
    accounts:put("address", string.rep("x", 5 * 1024 * 1024)) -- here
  end,
}
