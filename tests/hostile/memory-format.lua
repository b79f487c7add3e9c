-- expect: 1
return playbook {
  name = "hostile-memory-format",
  run = function(book)
    local s = string.format("%099999999d", 1) -- here
    return s
  end,
}
