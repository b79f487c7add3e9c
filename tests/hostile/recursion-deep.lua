-- expect: 1
-- says: stack overflow|too deep
return playbook {
  name = "hostile-recursion-deep",
  run = function(book)
    local function down(n) return 1 + down(n + 1) end
    return down(1)
  end,
}
