-- expect: 1
-- says: expected|masked|unknown
-- needs: apply
-- line: none
-- command: $pareto plan $file --limit "true) or (any(contacts[phone > '1'])" $usual
return playbook {
  name = "hostile",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("tier", "D")
  end,
}
