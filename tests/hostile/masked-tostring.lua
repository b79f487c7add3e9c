-- expect: 1
-- never: 王建国
return playbook {
  name = "hostile-masked-tostring",
  run = function(book)
    for c in contacts do error(tostring(c)) end
  end,
}
