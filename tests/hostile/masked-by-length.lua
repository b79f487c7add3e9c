-- expect: 1
-- says: masked
-- never: 王建国
-- never: 13900000001
return playbook {
  name = "hostile-masked-by-length",
  run = function(book)
    return contacts:sum("string_length(name)")
  end,
}
