-- expect: 1
-- says: address
return playbook {
  name = "hostile-global-address",
  run = function(book)
    error(string.format("%p", {})) -- here
  end,
}
