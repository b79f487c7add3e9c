-- expect: 1
-- says: 
return playbook {
  name = "hostile-poison-metatables",
  run = function(book)
    local a = accounts
    getmetatable(a).__index = function() return "poisoned" end
    error("poison is set")
  end,
}
