-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-for-closing",
  run = function(book)
    local closing = setmetatable({}, { __close = function() while true do end end })
    for i in function(_, i) return not i or nil end, nil, nil, closing do end
  end,
}
