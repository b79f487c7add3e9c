-- expect: 0 1
return playbook {
  name = "hostile-fields-keyword",
  writes = { "account.order", "account.select" },
  fields = [[
    order : number
    select : text
    group : text
    index : text
  ]],
  run = function(book)
    accounts:put("order", 1):put("select", "x")
  end,
}
