-- expect: 1
-- says: top|negative|how many|many
return playbook {
  name = "hostile-integer-top",
  run = function(book)
    accounts:top(math.mininteger, "code")
  end,
}
