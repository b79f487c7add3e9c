-- expect: 1 124
-- says: sorted|order|timed out
return playbook {
  name = "hostile-sort-random-order",
  run = function(book)
    local t = {}
    for i = 1, 20000 do t[i] = i end
    for _ = 1, 5 do table.sort(t, function() return math.random() < 0.5 end) end
    error("sorted")
  end,
}
