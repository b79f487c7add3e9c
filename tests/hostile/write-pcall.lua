-- expect: 0
-- says: would change|nothing
return playbook {
  name = "hostile-write-pcall",
  run = function(book)
    pcall(function() accounts:put("tier", "A") end)
    pcall(function() segment("stolen"):becomes(accounts) end)
    pcall(function() task { account = "C0001", title = "x" } end)
  end,
}
