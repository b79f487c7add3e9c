-- expect: 1
-- says: deep|itself|cycle|list|table|tier|text
return playbook {
  name = "hostile-cyclic-table-put",
  writes = { "account.tier" },
  run = function(book)
    local t = {}
    t[1] = t
    accounts:put("tier", t)
  end,
}
