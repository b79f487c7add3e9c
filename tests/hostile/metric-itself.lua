-- expect: 1
-- says: itself|a|circle|cycle
return playbook {
  name = "hostile-metric-itself",
  metrics = [[ a = ago(a, 1m) + 1 ]],
  run = function(book)
    return 1
  end,
}
