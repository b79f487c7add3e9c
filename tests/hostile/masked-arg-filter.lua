-- expect: 1
-- says: masked|unknown
-- never: 13900000001
-- never: 13900000002
-- args: --set "x=phone = '13900000' + '001'"
return playbook {
  name = "hostile-masked-arg-filter",
  args = [[ x : filter = "true" ]],
  run = function(book)
    error("matched " .. #contacts(book.args.x))
  end,
}
