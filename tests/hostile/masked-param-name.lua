-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-param-name",
  run = function(book)
    return #contacts:where("phone = x", { x = "1" })
  end,
}
