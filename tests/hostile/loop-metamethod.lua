-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-metamethod",
  run = function(book)
    local t = setmetatable({}, { __index = function() while true do end end })
    return t.x
  end,
}
