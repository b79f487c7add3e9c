-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-metric",
  metrics = [[ m = count(contacts[phone = "1"]) ]],
  run = function(book)
    return accounts:sum("m")
  end,
}
