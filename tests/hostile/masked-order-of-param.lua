-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-order-of-param",
  run = function(book)
    return #contacts:where("name > x", { x = '王' })
  end,
}
