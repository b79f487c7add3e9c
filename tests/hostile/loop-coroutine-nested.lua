-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-coroutine-nested",
  run = function(book)
    local function inside()
      local co = coroutine.wrap(function() pcall(function() while true do end end) end)
      while true do pcall(co) end
    end
    coroutine.wrap(function() coroutine.wrap(inside)() end)()
  end,
}
