-- expect: 1 124
-- says: timed out|close
return playbook {
  name = "hostile-loop-coroutine-close",
  run = function(book)
    local co = coroutine.create(function()
      local x <close> = setmetatable({}, { __close = function() while true do end end })
      coroutine.yield()
    end)
    coroutine.resume(co)
    while true do coroutine.close(co) end
  end,
}
