-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-related",
  run = function(book)
    return #accounts "any(contacts[phone > '1'])"
  end,
}
