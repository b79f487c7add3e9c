-- expect: 1
-- line: none
return playbook {
  name = "hostile-global-error-nil",
  run = function(book)
    error(nil)
  end,
}
