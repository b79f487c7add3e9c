-- expect: 1 124
-- says: memory|timed out
return playbook {
  name = "hostile-memory-pcall",
  run = function(book)
    local keep = {}
    while true do
      local ok = pcall(function() for i = 1, 1e9 do keep[#keep + 1] = string.rep("x", 1 << 20) .. i end end)
      if not ok and #keep > 1 then error("memory ran out") end
    end
  end,
}
