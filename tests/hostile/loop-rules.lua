-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-rules",
  run = function(book)
    local i = 0
    while true do i = i + 1; pcall(accounts, "code != '" .. i .. "'") end
  end,
}
