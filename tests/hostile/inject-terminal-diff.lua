-- expect: 0
-- never: \27[
-- never: \27]
-- never: \226\128\174
-- line: none
-- command: $pareto plan $file $usual
return playbook {
  name = "hostile-inject-terminal-diff",
  writes = { "account.tier", "account.address", "segment:x" },
  run = function(book)
    accounts:put("tier", "A"):assign("address", "{name}")
    segment("x"):becomes(accounts)
  end,
}
