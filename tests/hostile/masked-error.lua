-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-error",
  run = function(book)
    for c in contacts do local _ = c.phone + 1 end
  end,
}
