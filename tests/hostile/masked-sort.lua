-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-sort",
  run = function(book)
    contacts:sort("name"):each(function(c) book:note(c.code) end)
  end,
}
