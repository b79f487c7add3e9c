-- expect: 1
-- says: bounds|range|position
return playbook {
  name = "hostile-integer-insert",
  run = function(book)
    table.insert({}, math.maxinteger, 1)
  end,
}
