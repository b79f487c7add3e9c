-- expect: 1 124
-- says: timed out
return playbook {
  name = "hostile-loop-index-loop",
  run = function(book)
    local t = {}
    setmetatable(t, { __index = t })
    while true do pcall(function() return t.x end) end
  end,
}
