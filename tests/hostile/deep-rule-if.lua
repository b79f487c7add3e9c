-- expect: 1
-- says: deep|long
return playbook {
  name = "hostile-deep-rule-if",
  run = function(book)
    return #accounts(string.rep("if true then ", 20000) .. "true" .. string.rep(" else false", 20000))
  end,
}
