-- expect: 1
-- says: nil|index|member|account
return playbook {
  name = "hostile-integer-index",
  run = function(book)
    return accounts[math.maxinteger].code
  end,
}
