-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-in",
  run = function(book)
    return #contacts:where("phone in list", { list = { "a", "b" } })
  end,
}
