-- expect: 1
-- says: too many
return playbook {
  name = "hostile-table-unpack-lying",
  run = function(book)
    return table.unpack({}, 1, 1e7)
  end,
}
