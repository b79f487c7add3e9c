-- expect: 1 124
-- line: none
-- command: $pareto run $file $usual --yes >$work/out 2>&1; c=$?; tail -c 400 $work/out; exit $c
return playbook {
  name = "hostile-memory-print",
  run = function(book)
    while true do print(string.rep("x", 1000)) end
  end,
}
