-- expect: 1
-- says: load
return playbook {
  name = "hostile-load-text",
  run = function(book)
    return load("return os")()
  end,
}
