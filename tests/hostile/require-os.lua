-- expect: 1
-- says: require
return playbook {
  name = "hostile-require-os",
  run = function(book)
    return require("os").exit(0)
  end,
}
