-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-coroutine-inside",
  run = function(book)
    local co = coroutine.create(function() while true do end end)
    while true do coroutine.resume(co) end
  end,
}
