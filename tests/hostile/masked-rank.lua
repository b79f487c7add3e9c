-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-rank",
  run = function(book)
    book:show("x", contacts, "code, rank(string_length(phone))")
  end,
}
