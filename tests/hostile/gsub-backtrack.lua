-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-gsub-backtrack",
  run = function(book)
    local s = string.rep("x", 100000)
    return s:gsub("x*x*x*x*y", "")
  end,
}
