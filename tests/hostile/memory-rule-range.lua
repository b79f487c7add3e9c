-- expect: 1 124
-- says: memory|timed out|many|long|for
-- line: none
-- command: ulimit -v 8000000; $pareto run $file $usual --yes
return playbook {
  name = "hostile-memory-rule-range",
  run = function(book)
    return #accounts "count(for i in 1..100000000000 return i) > 0"
  end,
}
