-- expect: 1 124
-- says: memory|timed out|timed out
return playbook {
  name = "hostile-memory-coroutines",
  run = function(book)
    local keep = {}
    while true do keep[#keep + 1] = coroutine.create(function() end) end
  end,
}
