-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-xpcall-handler",
  run = function(book)
    xpcall(function() error("x") end, function() while true do end end)
  end,
}
