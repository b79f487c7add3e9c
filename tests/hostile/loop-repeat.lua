-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-repeat",
  run = function(book)
    repeat local x = {} until x == 1
  end,
}
