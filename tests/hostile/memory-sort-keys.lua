-- expect: 1 124
-- says: keys|columns|long|memory|timed out
-- line: none
return playbook {
  name = "hostile-memory-sort-keys",
  run = function(book)
    return accounts:sort(string.rep("code, ", 1e6) .. "code")
  end,
}
