-- expect: 1
-- says: far away
-- line: none
return playbook {
  name = "hostile-global-error-levels",
  run = function(book)
    error("far away", 1000000)
  end,
}
