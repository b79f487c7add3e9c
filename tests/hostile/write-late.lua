-- expect: 1
-- says: half way
return playbook {
  name = "hostile-write-late",
  writes = { "account.tier" },
  run = function(book)
    local co = coroutine.wrap(function()
      accounts:put("tier", "A")
      error("half way")
    end)
    co()
  end,
}
