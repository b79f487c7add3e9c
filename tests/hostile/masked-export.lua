-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-export",
  run = function(book)
    contacts:export("stolen.csv", "code, name")
  end,
}
