-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-scope",
  of = "contact",
  scope = "phone != null",
  run = function(book)
    return #book.all
  end,
}
