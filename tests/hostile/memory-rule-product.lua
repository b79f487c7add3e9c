-- expect: 1 124
-- says: memory|timed out|many|long|for
-- line: none
-- command: ulimit -v 8000000; $pareto run $file $usual --yes
return playbook {
  name = "hostile-memory-rule-product",
  run = function(book)
    return #accounts "count(for a in 1..3000, b in 1..3000, c in 1..3000 return a) > 0"
  end,
}
