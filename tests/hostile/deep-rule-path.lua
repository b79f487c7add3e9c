-- expect: 1
-- says: deep|long|unknown
return playbook {
  name = "hostile-deep-rule-path",
  run = function(book)
    return #accounts("x" .. string.rep(".parent", 100000) .. " = 1")
  end,
}
