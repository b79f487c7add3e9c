-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-count-distinct",
  run = function(book)
    return accounts:sum("count(distinct(contacts.phone))")
  end,
}
