-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-table",
  tables = { t = [[
    first | string_join(contacts.phone) || why
          | - || x
  ]] },
  run = function(book)
    accounts:decide "t"
  end,
}
