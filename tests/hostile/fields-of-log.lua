-- expect: 1
-- says: run|field|entity
-- line: none
return playbook {
  name = "hostile-fields-of-log",
  fields = [[ run.note : text ]],
  run = function(book)
    return 1
  end,
}
