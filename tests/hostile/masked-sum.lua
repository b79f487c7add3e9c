-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-sum",
  run = function(book)
    return contacts:max("name")
  end,
}
