-- expect: 0 1 124
-- says: deep|long|timed out
-- line: none
return playbook {
  name = "hostile-deep-rule-or",
  run = function(book)
    return #accounts(string.rep("tier = 'A' or ", 800000) .. "tier = 'B'")
  end,
}
