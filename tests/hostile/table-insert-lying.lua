-- expect: 1 124
-- says: timed out|every limit|too large|too many|out of|wrap|bounds
return playbook {
  name = "hostile-table-insert-lying",
  run = function(book)
    local t = setmetatable({}, { __len = function() return 2^53 // 1 | 0 end })
    while true do table.insert(t, 1, 0) end
  end,
}
