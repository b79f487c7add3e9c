-- expect: 1
-- says: masked|matrix
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-matrix",
  run = function(book)
    return contacts:matrix("phone", "code")
  end,
}
