-- expect: 1 124
-- says: timed out|memory|long|many
-- needs: apply
-- line: none
-- command: ulimit -v 8000000; $pareto plan $file --limit "count(for a in 1..3000, b in 1..3000, c in 1..3000 return a) > 0" $usual
return playbook {
  name = "hostile",
  writes = { "account.tier" },
  run = function(book)
    accounts:put("tier", "D")
  end,
}
