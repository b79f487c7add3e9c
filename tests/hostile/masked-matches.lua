-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-matches",
  run = function(book)
    return #contacts "matches(phone, '1$')"
  end,
}
