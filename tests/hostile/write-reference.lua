-- expect: 1
-- says: account|C9999
return playbook {
  name = "hostile-write-reference",
  writes = { "contact.account" },
  run = function(book)
    contacts:put("account", "C9999")
  end,
}
