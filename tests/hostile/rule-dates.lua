-- expect: 0 1
-- says: date|year|range|large|duration|never
-- line: none
return playbook {
  name = "hostile-rule-dates",
  run = function(book)
    return #accounts "as_of + 99999999y > as_of", #accounts "days_since(orders) > 99999999999999999999d"
  end,
}
