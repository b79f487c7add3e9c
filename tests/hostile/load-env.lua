-- expect: 1
-- says: load
return playbook {
  name = "hostile-load-env",
  run = function(book)
    return load("os.exit(0)", "x", "t", _G)()
  end,
}
