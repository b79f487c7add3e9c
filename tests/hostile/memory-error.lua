-- expect: 1 124
-- says: x|timed out
-- line: none
-- command: $pareto run $file $usual --yes >$work/out 2>&1; c=$?; head -c 400 $work/out; test $(stat -c %s $work/out) -lt 100000 && exit $c
return playbook {
  name = "hostile-memory-error",
  run = function(book)
    error(string.rep("x", 50 * 1024 * 1024))
  end,
}
