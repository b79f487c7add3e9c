-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-close",
  run = function(book)
    do
      local x <close> = setmetatable({}, { __close = function() while true do end end })
    end
  end,
}
