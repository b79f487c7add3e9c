-- expect: 0 1
-- says: %{phone} %{contacts
-- never: 13900000001
-- line: none
return playbook {
  name = "hostile-inject-name-say",
  run = function(book)
    accounts:each(function(a) book:note(a:say("{name}")) end)
  end,
}
