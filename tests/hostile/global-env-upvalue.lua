-- expect: 1
-- says: os
return playbook {
  name = "hostile-global-env-upvalue",
  run = function(book)
    local function f() return _ENV end
    local e = f()
    return e.os.exit(0), 1
  end,
}
