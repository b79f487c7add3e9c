-- expect: 1
-- says: sorted|number|nil|order|compare
return playbook {
  name = "hostile-sort-changes-list",
  run = function(book)
    local t = {}
    for i = 1, 5000 do t[i] = i end
    table.sort(t, function(a, b) t[#t + 1] = 0; t[1] = nil; return a < b end)
    error("sorted")
  end,
}
