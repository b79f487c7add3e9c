-- expect: 1 124
-- says: timed out|table|error
return playbook {
  name = "hostile-loop-error-tostring",
  run = function(book)
    error(setmetatable({}, { __tostring = function() while true do end end }))
  end,
}
