-- expect: 1
-- says: deep|long
return playbook {
  name = "hostile-deep-rule-minus",
  run = function(book)
    return #accounts(string.rep("- ", 100000) .. "1 = 1")
  end,
}
