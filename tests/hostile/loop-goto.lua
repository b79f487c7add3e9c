-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-goto",
  run = function(book)
    ::again::
    goto again
  end,
}
