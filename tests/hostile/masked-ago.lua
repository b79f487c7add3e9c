-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-ago",
  run = function(book)
    return #contacts "ago(phone, 1m) = 'x'"
  end,
}
