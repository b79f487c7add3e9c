-- expect: 1
-- says: tier|put|assign|field
return playbook {
  name = "hostile-write-row",
  run = function(book)
    for a in accounts do a.tier = "A" end -- here
  end,
}
