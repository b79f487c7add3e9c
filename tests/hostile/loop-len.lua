-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-len",
  run = function(book)
    return #setmetatable({}, { __len = function() while true do end end }), 1
  end,
}
