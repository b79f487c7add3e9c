-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-sort-many",
  run = function(book)
    local t = {}
    for i = 1, 100000 do t[i] = (i * 7919) % 100003 end
    while true do table.sort(t, function(a, b) return a < b end); table.sort(t, function(a, b) return a > b end) end
  end,
}
