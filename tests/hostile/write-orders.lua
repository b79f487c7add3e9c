-- expect: 1
-- says: orders|writes|revenue|measure|field
return playbook {
  name = "hostile-write-orders",
  run = function(book)
    orders:put("revenue", 0)
  end,
}
