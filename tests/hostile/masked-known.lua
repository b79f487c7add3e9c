-- expect: 0 1
-- says: 
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-known",
  run = function(book)
    return #contacts "known(phone)"
  end,
}
