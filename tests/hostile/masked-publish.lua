-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-publish",
  publish = { "m" },
  metrics = [[ m = string_join(contacts.phone) ]],
  run = function(book)
    return 1
  end,
}
