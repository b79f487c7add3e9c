-- expect: 0
-- line: none
-- args: --format md
return playbook {
  name = "hostile-inject-markdown",
  run = function(book)
    book:show("x", accounts, "code, name")
  end,
}
