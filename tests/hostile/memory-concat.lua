-- expect: 1 124
-- says: memory|timed out
-- line: none
return playbook {
  name = "hostile-memory-concat",
  run = function(book)
    local t = {}
    for i = 1, 1e6 do t[i] = "0123456789" end
    local s = table.concat(t)
    while true do s = table.concat({ s, s, s }) end
  end,
}
