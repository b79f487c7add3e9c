-- expect: 1 124
-- says: deep|ago|timed out
-- line: none
return playbook {
  name = "hostile-deep-rule-ago",
  run = function(book)
    return #accounts(string.rep("ago(", 300) .. "tier" .. string.rep(", 1m)", 300) .. " = 'A'")
  end,
}
