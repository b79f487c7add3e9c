-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-find-backtrack",
  run = function(book)
    local s = string.rep("a", 200000)
    return s:find(".-.-.-.-.-.-.-.-b")
  end,
}
