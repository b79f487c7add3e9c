-- expect: 1
-- says: many
return playbook {
  name = "hostile-integer-unpack",
  run = function(book)
    return table.unpack({}, math.mininteger, math.maxinteger), 1
  end,
}
