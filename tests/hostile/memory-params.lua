-- expect: 1 124
-- says: memory|timed out|long
-- line: none
return playbook {
  name = "hostile-memory-params",
  run = function(book)
    local list = {}
    for i = 1, 3e6 do list[i] = i end
    while true do accounts:where("headcount in list", { list = list }) end
  end,
}
