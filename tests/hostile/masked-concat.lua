-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-concat",
  run = function(book)
    error("phone " .. (contact "P1").phone)
  end,
}
