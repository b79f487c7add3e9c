-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-match-backtrack",
  run = function(book)
    local s = string.rep("x", 100000)
    return s:match("(.-)(.-)(.-)(.-)(.-)y")
  end,
}
