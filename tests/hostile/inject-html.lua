-- expect: 0
-- says: &lt;script
-- never: <script>alert
-- line: none
-- args: --format html
return playbook {
  name = "hostile-inject-html",
  run = function(book)
    book:show("x", accounts, "code, name")
  end,
}
