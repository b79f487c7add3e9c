-- expect: 1 124
-- says: timed out
return playbook {
  name = "hostile-loop-error-in-handler",
  run = function(book)
    local function handler(e) error(e) end
    while true do xpcall(error, handler, "x") end
  end,
}
