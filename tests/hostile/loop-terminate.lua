-- expect: 130 143
-- line: none
-- command: timeout --preserve-status -s TERM 0.5 $pareto run $file $usual --yes
return playbook {
  name = "hostile-loop-terminate",
  run = function(book)
    while true do pcall(function() string.find(string.rep("a", 1e5), ".-.-.-.-b") end) end
  end,
}
