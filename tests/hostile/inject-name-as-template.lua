-- expect: 1
-- says: masked|unknown
-- never: 13900000001
return playbook {
  name = "hostile-inject-name-as-template",
  run = function(book)
    accounts:each(function(a) book:note(a:say(a.name)) end)
  end,
}
