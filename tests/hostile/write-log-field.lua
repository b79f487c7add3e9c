-- expect: 1
-- says: change
-- line: none
return playbook {
  name = "hostile-write-log-field",
  writes = { "run.actor", "history.value", "change.now" },
  run = function(book)
    changes:put("now", "x")
  end,
}
