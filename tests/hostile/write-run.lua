-- expect: 1
-- says: run
return playbook {
  name = "hostile-write-run",
  run = function(book)
    run { what = "x" }
  end,
}
