-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-path",
  run = function(book)
    book:show("x", contacts, "code, reports_to.phone")
  end,
}
