-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-read",
  run = function(book)
    for c in contacts do error(c.name) end
  end,
}
