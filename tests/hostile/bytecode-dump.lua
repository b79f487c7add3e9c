-- expect: 1
-- says: dump
return playbook {
  name = "hostile-bytecode-dump",
  run = function(book)
    return string.dump(function() end)
  end,
}
