-- expect: 1
-- says: yield
return playbook {
  name = "hostile-gsub-yields",
  run = function(book)
    string.gsub("abc", ".", function() coroutine.yield() end) -- here
  end,
}
