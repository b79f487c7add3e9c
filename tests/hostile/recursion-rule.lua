-- expect: 1
-- says: deep
return playbook {
  name = "hostile-recursion-rule",
  run = function(book)
    return accounts(string.rep("(", 100000) .. "1" .. string.rep(")", 100000) .. " = 1")
  end,
}
