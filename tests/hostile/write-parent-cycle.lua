-- expect: 0 1
return playbook {
  name = "hostile-write-parent-cycle",
  writes = { "account.parent" },
  run = function(book)
    accounts:put("parent", account "C0001")
  end,
}
