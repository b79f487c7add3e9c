-- expect: 1
-- says: execute|os|nil
return playbook {
  name = "hostile-global-via-G",
  run = function(book)
    local g = _G or _ENV
    return g["o" .. "s"].execute("true")
  end,
}
