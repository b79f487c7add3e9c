-- expect: 1
-- says: writes
return playbook {
  name = "hostile-write-undeclared-segment",
  run = function(book)
    segment("stolen"):becomes(accounts)
  end,
}
