-- expect: 1
-- says: 
return playbook {
  name = "hostile-global-via-string",
  run = function(book)
    local mt = getmetatable("")
    mt.__index = function() return "poisoned" end
    return ("x").y .. ("x"):upper().z
  end,
}
