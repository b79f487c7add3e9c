-- expect: 0 1
return playbook {
  name = "hostile-deep-table-print",
  run = function(book)
    local t = {}
    for _ = 1, 1e5 do t = { t } end
    print(t)
  end,
}
