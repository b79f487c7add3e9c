-- expect: 0
-- never: \27[
-- never: \27]
-- needs: outbox
-- line: none
-- command: cp $db $work/s.db; cd $work; $pareto run $file --db $work/s.db --no-input --yes --timeout 1; $pareto outbox --db $work/s.db; $pareto show 1 --db $work/s.db; rm -r $work/s.db*; exit 0
return playbook {
  name = "hostile",
  run = function(book)
    pcall(function() book:send { file = "\27[2J.txt", text = "x" } end)
    pcall(function() book:send { to = "\27[2J", name = "\27]0;x\7", text = "\27[2J" } end)
  end,
}
