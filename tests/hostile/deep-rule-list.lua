-- expect: 1
-- says: deep|long|expected
return playbook {
  name = "hostile-deep-rule-list",
  run = function(book)
    return #accounts(string.rep("[", 100000))
  end,
}
