-- expect: 1
-- says: large|memory|long
return playbook {
  name = "hostile-integer-rep",
  run = function(book)
    return ("x"):rep(math.maxinteger, "y"), 1
  end,
}
