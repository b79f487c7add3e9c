-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-segment",
  writes = { "segment:x" },
  run = function(book)
    segment("x"):becomes(accounts "any(contacts[phone != null])")
  end,
}
