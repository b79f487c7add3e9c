-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-fields",
  writes = { "contact.copy" },
  fields = [[ contact.copy : text ]],
  run = function(book)
    contacts:assign("copy", "phone")
  end,
}
