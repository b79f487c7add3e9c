-- expect: 1
-- says: limit|many|large|invalid
return playbook {
  name = "hostile-integer-concat",
  run = function(book)
    return table.concat({}, "", math.mininteger, math.maxinteger), 1
  end,
}
