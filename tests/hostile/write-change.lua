-- expect: 1
-- says: change
return playbook {
  name = "hostile-write-change",
  run = function(book)
    change { run = 1 }
  end,
}
