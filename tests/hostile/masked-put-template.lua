-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-put-template",
  writes = { "contact.title" },
  run = function(book)
    contacts:assign("title", "{phone}")
  end,
}
