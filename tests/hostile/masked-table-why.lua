-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-table-why",
  tables = { t = [[
    first | tier || why
          | - || {contacts.phone}
  ]] },
  run = function(book)
    accounts:decide "t"
  end,
}
