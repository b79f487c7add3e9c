-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-lt",
  run = function(book)
    local m = { __lt = function() while true do end end }
    return setmetatable({}, m) < setmetatable({}, m)
  end,
}
