-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-coroutine",
  run = function(book)
    local function body() while true do coroutine.yield() end end
    while true do
      local co = coroutine.wrap(body)
      for _ = 1, 1000 do co() end
    end
  end,
}
