-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
return playbook {
  name = "hostile-masked-path-back",
  run = function(book)
    book:show("x", accounts, "code, contacts.phone")
  end,
}
