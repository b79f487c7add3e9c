-- expect: 1
-- says: dofile
return playbook {
  name = "hostile-dofile",
  run = function(book)
    dofile("/etc/passwd")
  end,
}
