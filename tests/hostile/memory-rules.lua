-- expect: 1 124
-- says: memory|timed out|long
-- line: none
-- command: ulimit -v 4000000; $pareto run $file $usual --yes
return playbook {
  name = "hostile-memory-rules",
  run = function(book)
    local i = 0
    while true do i = i + 1; local n = #accounts(("code != '%s%d'"):format(string.rep("x", 100000), i)) end
  end,
}
