-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-starts-with",
  run = function(book)
    return #contacts "starts_with(phone, '139')"
  end,
}
