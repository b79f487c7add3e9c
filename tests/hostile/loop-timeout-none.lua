-- expect: 130
-- says: interrupted
-- line: none
-- command: timeout --preserve-status -s INT 0.5 $pareto run $file --db $db --no-input --yes --timeout 0
return playbook {
  name = "hostile-loop-timeout-none",
  run = function(book)
    while true do pcall(function() while true do end end) end
  end,
}
