-- expect: 1 124
-- says: memory|timed out|long|report
-- line: none
-- command: ulimit -v 8000000; $pareto run $file $usual --yes >$work/out 2>&1; c=$?; tail -c 400 $work/out; exit $c
return playbook {
  name = "hostile-memory-title",
  run = function(book)
    local t = string.rep("x", 1 << 26)
    while true do book:show(t, accounts) end
  end,
}
