-- expect: 1
-- says: writes|%*|account
-- line: none
return playbook {
  name = "hostile-write-star",
  writes = { "*", "account.*" },
  run = function(book)
    accounts:put("tier", "A")
  end,
}
