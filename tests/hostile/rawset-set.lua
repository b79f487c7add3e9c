-- expect: 1
return playbook {
  name = "hostile-rawset-set",
  run = function(book)
    rawset(accounts, "where", function() return accounts end)
  end,
}
