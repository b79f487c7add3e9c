-- expect: 124
-- says: timed out
-- line: none
return playbook {
  name = "hostile-loop-next",
  run = function(book)
    local t = {}
    for i = 1, 200000 do t["k" .. i] = i end
    local k
    repeat k = next(t, k) until k == nil
    while true do for _ in next, t do end end
  end,
}
