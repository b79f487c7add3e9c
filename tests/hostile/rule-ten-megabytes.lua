-- expect: 1 124
-- says: long|read|timed out
-- line: none
return playbook {
  name = "hostile-rule-ten-megabytes",
  run = function(book)
    return #accounts("name = '" .. string.rep("x", 10 * 1024 * 1024) .. "'"), error("read")
  end,
}
