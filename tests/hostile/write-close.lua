-- expect: 1
-- says: half way
return playbook {
  name = "hostile-write-close",
  writes = { "account.tier" },
  run = function(book)
    local x <close> = setmetatable({}, { __close = function() accounts:put("tier", "A") end })
    error("half way")
  end,
}
