-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-handler-of-handler",
  run = function(book)
    local function handler() return xpcall(error, handler, "x") end
    while true do xpcall(error, handler, "x") end
  end,
}
