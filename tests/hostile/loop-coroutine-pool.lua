-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-coroutine-pool",
  run = function(book)
    local pool = {}
    for i = 1, 100 do pool[i] = coroutine.create(function() while true do pcall(coroutine.yield) end end) end
    while true do
      for _, co in ipairs(pool) do coroutine.resume(co) end
    end
  end,
}
