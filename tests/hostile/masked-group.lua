-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-group",
  run = function(book)
    book:show("x", contacts:group("name", "count"))
  end,
}
