-- expect: 1 124
-- says: timed out|any limit|too large|too many|out of
return playbook {
  name = "hostile-table-move-lying",
  run = function(book)
    table.move({}, 1, 2^53, 2)
  end,
}
