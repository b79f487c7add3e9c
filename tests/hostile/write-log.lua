-- expect: 1
-- says: run
-- line: none
return playbook {
  name = "hostile-write-log",
  writes = { "run", "decision" },
  run = function(book)
    runs:each(function(r) r:put("actor", "nobody") end)
  end,
}
