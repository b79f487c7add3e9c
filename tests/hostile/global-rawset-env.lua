-- expect: 1
-- says: set|protected|rawset|read
return playbook {
  name = "hostile-global-rawset-env",
  run = function(book)
    rawset(_ENV, "accounts", nil)
    error("set")
  end,
}
