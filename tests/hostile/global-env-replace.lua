-- expect: 1
-- line: none
return playbook {
  name = "hostile-global-env-replace",
  run = function(book)
    local _ENV = { error = error }
    error("alone")
  end,
}
