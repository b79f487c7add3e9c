-- expect: 1 124
-- says: __gc|timed out
return playbook {
  name = "hostile-gc-loop",
  run = function(book)
    setmetatable({}, { __gc = function() while true do end end })
    for _ = 1, 1e6 do local _ = {} end
    while true do end
  end,
}
