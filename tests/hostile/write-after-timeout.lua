-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-write-after-timeout",
  writes = { "account.tier" },
  run = function(book)
    local x <close> = setmetatable({}, { __close = function() accounts:put("tier", "A") end })
    accounts:put("tier", "B")
    while true do end
  end,
}
