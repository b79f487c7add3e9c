-- expect: 1
-- says: uses|itself|found|no playbook|rulebook
-- line: none
return playbook {
  name = "hostile-uses-itself",
  uses = { "uses-itself" },
  run = function(book)
    return 1
  end,
}
