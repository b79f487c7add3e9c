-- expect: 1
-- says: zero|divide
return playbook {
  name = "hostile-integer-divide",
  run = function(book)
    return 1 // 0, math.mininteger % 0
  end,
}
