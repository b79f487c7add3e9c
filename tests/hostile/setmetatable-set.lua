-- expect: 1
-- says: 
return playbook {
  name = "hostile-setmetatable-set",
  run = function(book)
    setmetatable(accounts, {})
    error("not reached or refused, either way nothing is written")
  end,
}
