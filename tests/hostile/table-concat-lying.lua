-- expect: 1 124
return playbook {
  name = "hostile-table-concat-lying",
  run = function(book)
    local t = setmetatable({}, { __len = function() return 1 << 60 end, __index = function() return "x" end })
    return table.concat(t)
  end,
}
