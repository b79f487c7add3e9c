-- expect: 1 124
-- says: timed out|close
return playbook {
  name = "hostile-loop-coroutine-close-chain",
  run = function(book)
    while true do
      local co = coroutine.create(function()
        local x <close> = setmetatable({}, { __close = function() for _ = 1, 1e5 do end error("again") end })
        coroutine.yield()
      end)
      coroutine.resume(co)
      pcall(coroutine.close, co)
    end
  end,
}
