-- expect: 1
-- says: means nothing|expected|character
return playbook {
  name = "hostile-rule-nul",
  run = function(book)
    return #accounts("true\0or 1"), error("read") -- here
  end,
}
