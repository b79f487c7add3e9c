-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-group-columns",
  run = function(book)
    book:show("x", contacts:group("account.code", "max(phone)"))
  end,
}
