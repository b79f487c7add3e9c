-- expect: 1
-- says: went on|running|close|normal
return playbook {
  name = "hostile-coroutine-of-main",
  run = function(book)
    local main = coroutine.running()
    coroutine.resume(main)
    pcall(coroutine.close, main)
    coroutine.wrap(function() coroutine.resume(main) coroutine.close(main) end)()
    error("went on")
  end,
}
