-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-filter",
  run = function(book)
    return #contacts "phone = '1390000000' + '1'"
  end,
}
