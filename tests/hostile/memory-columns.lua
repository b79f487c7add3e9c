-- expect: 1 124
-- says: columns|long|memory|timed out|twice
-- line: none
return playbook {
  name = "hostile-memory-columns",
  run = function(book)
    book:show("x", accounts, string.rep("code, ", 1e6) .. "code")
  end,
}
