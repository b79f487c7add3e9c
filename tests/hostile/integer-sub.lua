-- expect: 0
return playbook {
  name = "hostile-integer-sub",
  run = function(book)
    return ("x"):sub(math.mininteger, math.maxinteger), ("x"):byte(math.mininteger, math.maxinteger)
  end,
}
