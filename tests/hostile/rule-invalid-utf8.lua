-- expect: 1
-- says: UTF|expected|character|unexpected
return playbook {
  name = "hostile-rule-invalid-utf8",
  run = function(book)
    return #accounts("name = \xff\xfe"), error("read") -- here
  end,
}
