-- expect: 1
-- says: yield
return playbook {
  name = "hostile-sort-yields",
  run = function(book)
    table.sort({ 3, 2, 1 }, function(a, b) coroutine.yield() return a < b end) -- here
  end,
}
