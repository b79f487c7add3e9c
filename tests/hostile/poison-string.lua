-- expect: 1
-- says: 
return playbook {
  name = "hostile-poison-string",
  run = function(book)
    string.format = function() return "poisoned" end
    string.rep = nil
    error("poison is set, the next run must not see it")
  end,
}
