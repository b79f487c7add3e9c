-- expect: 1
-- says: writes
return playbook {
  name = "hostile-write-undeclared",
  run = function(book)
    accounts:put("tier", "A")
  end,
}
