-- expect: 1
-- says: masked|done
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-put-guess",
  writes = { "contact.phone" },
  run = function(book)
    contacts:put("phone", "13900000" .. "001")
    error("done")
  end,
}
