-- expect: 0 1
-- says: 
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-put-itself",
  writes = { "contact.phone" },
  run = function(book)
    contacts:put("phone", "0")
  end,
}
