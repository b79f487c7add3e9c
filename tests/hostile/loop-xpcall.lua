-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-xpcall",
  run = function(book)
    local function again() while true do end end
    while true do xpcall(again, again) end
  end,
}
