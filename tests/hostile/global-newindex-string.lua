-- expect: 1
-- says: rep|cannot|read|changed|string
return playbook {
  name = "hostile-global-newindex-string",
  run = function(book)
    string.rep = nil -- here
  end,
}
