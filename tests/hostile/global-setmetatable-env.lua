-- expect: 1
-- says: protected|metatable|os
return playbook {
  name = "hostile-global-setmetatable-env",
  run = function(book)
    setmetatable(_ENV, { __index = function() return function() end end })
    os.exit(0)
  end,
}
