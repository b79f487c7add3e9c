-- expect: 130
-- says: interrupted
-- line: none
-- command: timeout --preserve-status -s INT 0.5 $pareto run $file $usual --yes
return playbook {
  name = "hostile-loop-interrupt",
  run = function(book)
    while true do xpcall(function() while true do end end, function() while true do end end) end
  end,
}
