-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-rules-in-each",
  run = function(book)
    accounts:each(function(a)
      while true do local n = #accounts "tier = 'A'" end
    end)
  end,
}
