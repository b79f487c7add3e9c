-- expect: 0 1
-- says: window|year|large|day
-- line: none
return playbook {
  name = "hostile-rule-windows",
  run = function(book)
    return #accounts "sum(revenue, 999999999y) > 0", #accounts "sum(revenue, 0d) > 0"
  end,
}
