-- expect: 1
-- says: zero|step
return playbook {
  name = "hostile-integer-for",
  run = function(book)
    for i = 1, 10, 0 do end
  end,
}
