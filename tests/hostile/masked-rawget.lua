-- expect: 1
-- says: masked|table
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
return playbook {
  name = "hostile-masked-rawget",
  run = function(book)
    for c in contacts do error(rawget(c, "phone")) end
  end,
}
