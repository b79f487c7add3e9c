-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-tostring",
  run = function(book)
    tostring(setmetatable({}, { __tostring = function() while true do end end }))
  end,
}
