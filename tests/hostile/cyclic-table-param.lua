-- expect: 1
-- says: deep|itself|cycle|list|x|table
return playbook {
  name = "hostile-cyclic-table-param",
  run = function(book)
    local t = {}
    t[1] = t
    return #accounts:where("code in x", { x = t }), 1
  end,
}
