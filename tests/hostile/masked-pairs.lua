-- expect: 0 1
-- says: 
-- never: 13900000001
-- never: 13900000002
-- never: 王建国
return playbook {
  name = "hostile-masked-pairs",
  run = function(book)
    for c in contacts do for k, v in pairs(c) do print(k, v) end end
  end,
}
