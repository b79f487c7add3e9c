-- expect: 1
-- says: writes
return playbook {
  name = "hostile-write-undeclared-assign",
  run = function(book)
    accounts:assign("status", "'closed'")
  end,
}
