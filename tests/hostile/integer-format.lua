-- expect: 1
-- says: integer|number|representation
return playbook {
  name = "hostile-integer-format",
  run = function(book)
    return string.format("%d", 1e300), 1
  end,
}
