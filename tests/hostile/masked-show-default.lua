-- expect: 0 1
-- says: 
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
return playbook {
  name = "hostile-masked-show-default",
  run = function(book)
    book:show("x", contacts)
  end,
}
