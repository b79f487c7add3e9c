-- expect: 1
-- says: yield
return playbook {
  name = "hostile-yield-run",
  run = function(book)
    coroutine.yield(1)
  end,
}
