-- expect: 0
-- says: %{phone}
-- never: 13900000001
-- never: \27[
-- line: none
return playbook {
  name = "hostile-inject-group",
  run = function(book)
    book:show("x", accounts:group("name", "count"))
  end,
}
