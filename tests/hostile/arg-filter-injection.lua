-- expect: 1
-- says: masked|unknown|filter
-- line: none
-- args: --set "x=true) or any(contacts[phone != ''"
return playbook {
  name = "hostile-arg-filter-injection",
  args = [[ x : filter = "true" ]],
  run = function(book)
    error("matched " .. #accounts(book.args.x))
  end,
}
