-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
return playbook {
  name = "hostile-masked-group-mode",
  run = function(book)
    book:show("x", contacts:group("account.code", "mode(name)"))
  end,
}
