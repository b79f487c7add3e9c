-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-sets",
  run = function(book)
    local s = accounts
    while true do s = s + accounts - s + accounts end
  end,
}
