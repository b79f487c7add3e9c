-- expect: 1
-- says: collectgarbage
return playbook {
  name = "hostile-global-collectgarbage",
  run = function(book)
    collectgarbage("stop")
  end,
}
