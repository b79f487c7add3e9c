-- expect: 1
-- says: load
return playbook {
  name = "hostile-bytecode-load",
  run = function(book)
    return load("\27Lua\x54\0\x19\x93\r\n\x1a\n")()
  end,
}
