-- expect: 1 124
-- says: memory|timed out
return playbook {
  name = "hostile-memory-closures",
  run = function(book)
    local keep
    while true do local k = keep; keep = function() return k end end
  end,
}
