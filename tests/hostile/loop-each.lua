-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-each",
  run = function(book)
    accounts:each(function(a) while true do end end)
  end,
}
