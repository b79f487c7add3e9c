-- expect: 0
-- never: \27[
-- never: \27]
-- never: \226\128\174
-- line: none
return playbook {
  name = "hostile-inject-terminal",
  run = function(book)
    accounts:each(function(a) book:note("{n}", { n = a.name }) end)
    book:show("x", accounts, "code, name")
    print("\27[2J\27]0;gone\7")
    book:note "\27[31m"
    book:show("\27[2J", accounts)
  end,
}
