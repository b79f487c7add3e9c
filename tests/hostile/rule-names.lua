-- expect: 1
-- says: unknown|long
-- line: none
return playbook {
  name = "hostile-rule-names",
  run = function(book)
    return #accounts(string.rep("x", 5 * 1024 * 1024) .. " = 1")
  end,
}
