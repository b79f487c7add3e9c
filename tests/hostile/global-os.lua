-- expect: 1
-- says: os
return playbook {
  name = "hostile-global-os",
  run = function(book)
    return os.x
  end,
}
