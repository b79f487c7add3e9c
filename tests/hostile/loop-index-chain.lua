-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-index-chain",
  run = function(book)
    local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end })
    while true do pcall(function() return t[1] end) end
  end,
}
