-- expect: 1
-- says: masked|unknown|phone
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-note",
  run = function(book)
    book:note("{phone}")
  end,
}
