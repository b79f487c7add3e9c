-- expect: 1
-- says: deep|table|list|x
return playbook {
  name = "hostile-deep-table-param",
  run = function(book)
    local t = {}
    for _ = 1, 1e5 do t = { t } end
    return #accounts:where("code in x", { x = t }), 1
  end,
}
