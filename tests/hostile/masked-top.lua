-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-top",
  run = function(book)
    return contacts:top(1, "phone")
  end,
}
