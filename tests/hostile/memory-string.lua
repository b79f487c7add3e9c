-- expect: 1 124
-- says: memory|timed out
return playbook {
  name = "hostile-memory-string",
  run = function(book)
    local s = "x"
    while true do s = s .. s end
  end,
}
