-- expect: 0
-- says: %{phone}
-- never: 13900000001
-- line: none
return playbook {
  name = "hostile-inject-name-table",
  tables = { t = [[
    first | tier || label
          | -    || {name}
    unknown |    || {name}
  ]] },
  run = function(book)
    accounts:decide "t"
    book:show("x", accounts, "code, label")
  end,
}
