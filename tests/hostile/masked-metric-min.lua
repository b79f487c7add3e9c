-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-metric-min",
  metrics = [[ m = min(contacts.phone) ]],
  run = function(book)
    book:show("x", accounts, "code, m")
  end,
}
