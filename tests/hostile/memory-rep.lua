-- expect: 1
-- says: memory|large
return playbook {
  name = "hostile-memory-rep",
  run = function(book)
    local s = string.rep("x", 1 << 40) -- here
    return s
  end,
}
