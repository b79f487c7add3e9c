-- expect: 1
-- says: a|itself|circle|cycle
return playbook {
  name = "hostile-metric-cycle",
  metrics = [[
    a = b + 1
    b = c + 1
    c = a + 1
  ]],
  run = function(book)
    return 1
  end,
}
