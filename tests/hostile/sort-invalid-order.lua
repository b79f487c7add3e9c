-- expect: 0 1
-- says: sorted|order
return playbook {
  name = "hostile-sort-invalid-order",
  run = function(book)
    local t = {}
    for i = 1, 20000 do t[i] = i % 7 end
    table.sort(t, function() return true end)
    table.sort(t, function(a, b) return a <= b end)
    error("sorted")
  end,
}
