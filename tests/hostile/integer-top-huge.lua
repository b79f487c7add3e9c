-- expect: 0
return playbook {
  name = "hostile-integer-top-huge",
  run = function(book)
    return #accounts:top(math.maxinteger, "code"), #accounts:first(math.mininteger)
  end,
}
