-- expect: 1
-- says: nosuch
-- never: poisoned
return playbook {
  name = "hostile-global-error-objects",
  run = function(book)
    local ok, e = pcall(function() accounts "nosuch = 1" end)
    local m = getmetatable(e)
    if type(m) == "table" then m.__tostring = function() return "poisoned" end end
    error(e)
  end,
}
