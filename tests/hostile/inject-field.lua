-- expect: 1
-- says: 
return playbook {
  name = "hostile-inject-field",
  run = function(book)
    accounts:sort("code; DROP TABLE account")
  end,
}
