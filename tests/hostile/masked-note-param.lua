-- expect: 1
-- says: masked|c|unknown|path
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-note-param",
  run = function(book)
    book:note("{c.phone}", { c = contact "P1" })
  end,
}
