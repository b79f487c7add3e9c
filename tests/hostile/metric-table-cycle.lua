-- expect: 1
-- says: itself|circle|cycle|t
return playbook {
  name = "hostile-metric-table-cycle",
  metrics = [[ m = if kind = 'x' then 1 else 2 ]],
  tables = { t = [[
    first | m || kind
          | 1 || x
          | - || y
  ]] },
  run = function(book)
    accounts:decide "t"
  end,
}
