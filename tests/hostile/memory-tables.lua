-- expect: 1 124
-- says: memory|timed out
return playbook {
  name = "hostile-memory-tables",
  run = function(book)
    local t = {}
    for i = 1, 1e12 do t[i] = { i } end
  end,
}
