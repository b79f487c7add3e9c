-- expect: 1
-- says: revenue|field|measure|writes
-- line: none
return playbook {
  name = "hostile-write-measure",
  writes = { "account.revenue" },
  run = function(book)
    accounts:put("revenue", 0)
  end,
}
