-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-close-on-error",
  run = function(book)
    while true do
      pcall(function()
        local x <close> = setmetatable({}, { __close = function() while true do end end })
        error("out")
      end)
    end
  end,
}
