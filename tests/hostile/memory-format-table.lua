-- expect: 1 124
-- says: memory|timed out
-- line: none
return playbook {
  name = "hostile-memory-format-table",
  run = function(book)
    local big = string.rep("x", 1 << 24)
    local t = setmetatable({}, { __tostring = function() return big .. big end })
    local keep = {}
    while true do keep[#keep + 1] = string.format("%s%s", t, t) end
  end,
}
