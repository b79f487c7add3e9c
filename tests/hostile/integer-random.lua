-- expect: 1
-- says: empty|interval|random
return playbook {
  name = "hostile-integer-random",
  run = function(book)
    return math.random(math.mininteger, math.maxinteger), math.random(2, 1)
  end,
}
