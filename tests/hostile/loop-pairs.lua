-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-pairs",
  run = function(book)
    local t = setmetatable({}, { __pairs = function(t) return function() return 1, 1 end, t, nil end })
    for _ in pairs(t) do end
    while true do end
  end,
}
