-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-tail-call",
  run = function(book)
    local function again() return again() end
    return again()
  end,
}
