-- expect: 1 124
-- says: stack overflow|too deep|C stack|timed out
return playbook {
  name = "hostile-recursion-pcall",
  run = function(book)
    local function down() return pcall(down) end
    while true do down() end
    
  end,
}
