-- expect: 1
-- says: yield
return playbook {
  name = "hostile-yield-metamethod",
  run = function(book)
    local t = setmetatable({}, { __index = function() return coroutine.yield() end })
    return t.x, 1
  end,
}
