-- expect: 0 1
return playbook {
  name = "hostile-cyclic-table-show",
  run = function(book)
    local t = {}
    t.t = t
    book:show("x", t)
    print(t)
  end,
}
