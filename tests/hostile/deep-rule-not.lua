-- expect: 1
-- says: deep|long
return playbook {
  name = "hostile-deep-rule-not",
  run = function(book)
    return #accounts(string.rep("not ", 100000) .. "true")
  end,
}
