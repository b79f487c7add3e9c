-- expect: 1 2
-- line: none
-- args: --set "x=1' or true --"
return playbook {
  name = "hostile-arg-injection",
  args = [[ x : number = 1 ]],
  run = function(book)
    error(tostring(book.args.x)) -- here
  end,
}
