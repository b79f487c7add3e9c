-- expect: 1
-- says: warn
return playbook {
  name = "hostile-global-warn",
  run = function(book)
    warn("@on")
  end,
}
