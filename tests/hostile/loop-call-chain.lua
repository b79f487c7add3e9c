-- expect: 1 124
-- says: timed out|overflow
-- line: none
return playbook {
  name = "hostile-loop-call-chain",
  run = function(book)
    local t = {}
    setmetatable(t, { __call = t })
    while true do pcall(t) end
  end,
}
