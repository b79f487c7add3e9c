-- expect: 1
-- never: 13900000001
-- line: none
return playbook {
  name = "hostile-global-error-set",
  run = function(book)
    error(accounts)
  end,
}
