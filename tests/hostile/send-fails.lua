-- expect: 0 1
-- says: could not be sent|failed
-- needs: outbox
-- line: none
-- command: cp $db $work/s.db; cd $work; $pareto verify --adopt --yes --db $work/s.db; $pareto set outbox.command "kill -9 \$\$" --db $work/s.db --yes; $pareto run $file --db $work/s.db --no-input --yes --timeout 1; c=$?; $pareto verify --db $work/s.db || c=99; rm -r $work/s.db*; exit $c
return playbook {
  name = "hostile",
  run = function(book)
    book:send { to = "x", name = "x", text = "x" }
  end,
}
