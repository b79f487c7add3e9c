-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-template",
  run = function(book)
    contacts:each(function(c) book:note(c:say("{name} {phone}")) end)
  end,
}
