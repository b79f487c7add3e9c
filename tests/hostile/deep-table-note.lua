-- expect: 1
-- says: deep|table|show|list
return playbook {
  name = "hostile-deep-table-note",
  run = function(book)
    local t = {}
    for _ = 1, 1e5 do t = { t } end
    book:show("x", t)
  end,
}
