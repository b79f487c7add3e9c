-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-distinct",
  run = function(book)
    book:show("x", accounts, "code, distinct(contacts.name)")
  end,
}
