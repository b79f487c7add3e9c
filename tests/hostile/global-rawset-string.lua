-- expect: 1
-- says: set|protected|rawset|read|table
return playbook {
  name = "hostile-global-rawset-string",
  run = function(book)
    rawset(string, "format", nil)
    error("set")
  end,
}
