-- expect: 1
-- says: range|select
-- line: none
return playbook {
  name = "hostile-global-select",
  run = function(book)
    return select(-1), select(math.mininteger, 1)
  end,
}
