-- expect: 1
-- says: masked|chart
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-chart",
  run = function(book)
    book:chart("x", contacts:chart("bar", "phone"))
  end,
}
