-- expect: 1
-- says: yield
return playbook {
  name = "hostile-each-yields",
  run = function(book)
    accounts:each(function() coroutine.yield() end) -- here
  end,
}
