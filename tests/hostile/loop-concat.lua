-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-concat",
  run = function(book)
    local t = setmetatable({}, { __concat = function() while true do end end })
    return t .. "x"
  end,
}
