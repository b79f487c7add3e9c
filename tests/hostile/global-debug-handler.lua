-- expect: 1
-- says: debug
return playbook {
  name = "hostile-global-debug-handler",
  run = function(book)
    xpcall(error, function() return debug.getinfo(1) end, "x")
    return debug.traceback
  end,
}
