-- expect: 1
-- says: x|cannot|read|changed|table
return playbook {
  name = "hostile-global-newindex-table",
  run = function(book)
    table.x = 1 -- here
  end,
}
