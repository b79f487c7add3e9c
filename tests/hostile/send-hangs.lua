-- expect: 0 1
-- says: run 2|sent|deliver
-- needs: outbox
-- line: none
-- command: cp $db $work/s.db; cd $work; $pareto set outbox.command "sleep 40" --db $work/s.db --yes; timeout -s KILL 25 $pareto run $file --db $work/s.db --no-input --yes --timeout 1; c=$?; rm -r $work/s.db*; exit $c
return playbook {
  name = "hostile",
  run = function(book)
    book:send { to = "x", name = "x", text = "x" }
  end,
}
