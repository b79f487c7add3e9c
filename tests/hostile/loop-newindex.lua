-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-newindex",
  run = function(book)
    local t = setmetatable({}, { __newindex = function(t, k, v) while true do end end })
    t.x = 1
  end,
}
