-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-pcall",
  run = function(book)
    while true do pcall(function() while true do end end) end
  end,
}
