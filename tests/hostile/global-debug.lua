-- expect: 1
-- says: debug
return playbook {
  name = "hostile-global-debug",
  run = function(book)
    return debug.x
  end,
}
