-- expect: 0
-- says: sends
-- never: -x.txt
-- needs: outbox
-- line: none
-- command: cp $db $work/s.db; cd $work; $pareto plan $file --db $work/s.db --no-input --timeout 1; ls -d $work/s.db.outbox/*; rm -r $work/s.db*; exit 0
return playbook {
  name = "hostile",
  run = function(book)
    book:send { file = "x.txt", text = "x" }
  end,
}
