-- expect: 1
-- says: writes
return playbook {
  name = "hostile-write-undeclared-task",
  run = function(book)
    task { kind = "x", title = "y" }
  end,
}
