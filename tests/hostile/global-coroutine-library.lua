-- expect: 1
-- says: os
return playbook {
  name = "hostile-global-coroutine-library",
  run = function(book)
    coroutine.wrap(os.exit)()
  end,
}
