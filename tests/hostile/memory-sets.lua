-- expect: 1 124
-- says: memory|timed out
-- line: none
return playbook {
  name = "hostile-memory-sets",
  run = function(book)
    local keep = {}
    while true do keep[#keep + 1] = accounts + accounts end
  end,
}
