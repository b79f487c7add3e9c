-- expect: 1
-- says: memory
return playbook {
  name = "hostile-memory-tables",
  run = function(book)
    local t = {}
    for i = 1, 1e12 do t[i] = { i } end
  end,
}
