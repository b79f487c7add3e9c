-- expect: 0
-- says: %{phone} %{contacts%.phone}
-- never: 13900000001
return playbook {
  name = "hostile-inject-name-template",
  run = function(book)
    accounts:each(function(a) book:note("{n}", { n = a.name }) end)
    book:show("x", accounts, "code, name")
  end,
}
