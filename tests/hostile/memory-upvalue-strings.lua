-- expect: 1 124
-- says: memory|timed out
return playbook {
  name = "hostile-memory-upvalue-strings",
  run = function(book)
    local keep, s = {}, "x"
    while true do s = s .. "y"; keep[s] = s end
  end,
}
