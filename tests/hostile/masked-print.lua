-- expect: 0 1
-- says: 
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
return playbook {
  name = "hostile-masked-print",
  run = function(book)
    for c in contacts do print(c, tostring(c), string.format("%s", c)) end
    print(contacts)
  end,
}
