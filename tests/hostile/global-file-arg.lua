-- expect: 0 1
-- never: root:
-- line: none
return playbook {
  name = "hostile-global-file-arg",
  args = [[ f : file = "/etc/shadow" ]],
  run = function(book)
    error(tostring(book.args.f))
  end,
}
