-- expect: 1
-- says: memory
return playbook {
  name = "hostile-memory-string",
  run = function(book)
    local s = "x"
    while true do s = s .. s end
  end,
}
