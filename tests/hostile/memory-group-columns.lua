-- expect: 1 124
-- says: columns|long|memory|timed out|twice
-- line: none
return playbook {
  name = "hostile-memory-group-columns",
  run = function(book)
    book:show("x", accounts:group("tier", string.rep("count, ", 1e6) .. "count"))
  end,
}
