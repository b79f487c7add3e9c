-- expect: 1
-- says: uses|found|no playbook|rulebook|name
-- line: none
return playbook {
  name = "hostile-uses-path",
  uses = { "../../../../etc/passwd" },
  run = function(book)
    return 1
  end,
}
