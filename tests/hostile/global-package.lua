-- expect: 1
-- says: package
return playbook {
  name = "hostile-global-package",
  run = function(book)
    return package.x
  end,
}
