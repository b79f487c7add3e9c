-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-put-lua",
  writes = { "contact.title" },
  run = function(book)
    for c in contacts do c:put("title", c.phone) end
  end,
}
