-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-eq",
  run = function(book)
    local m = { __eq = function() while true do end end }
    return setmetatable({}, m) == setmetatable({}, m)
  end,
}
