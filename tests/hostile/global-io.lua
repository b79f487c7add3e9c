-- expect: 1
-- says: io
return playbook {
  name = "hostile-global-io",
  run = function(book)
    return io.x
  end,
}
