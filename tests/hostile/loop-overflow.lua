-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-overflow",
  run = function(book)
    local i = 1
    while i ~= 0 do i = i * 3 end -- odd numbers wrap around and are never zero
  end,
}
