-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-column",
  run = function(book)
    book:show("x", contacts, "code, phone")
  end,
}
