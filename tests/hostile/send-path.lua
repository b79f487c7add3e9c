-- expect: 0
-- never: ESCAPED
-- needs: outbox
-- line: none
-- command: cp $db $work/s.db; mkdir $work/s; cd $work/s; $pareto run $file --db $work/s.db --no-input --yes --timeout 1; c=$?; find $work /tmp/stolen* -name "*stolen*" ! -path "*.outbox/*" 2>/dev/null | sed s/^/ESCAPED/; test -d $work/s.db.outbox && find $work/s.db.outbox -mindepth 1 ! -type f | sed s/^/ESCAPED/; rm -r $work/s $work/s.db*; exit 0
return playbook {
  name = "hostile",
  run = function(book)
    for _, name in ipairs { "../s/stolen", "/tmp/../tmp/stolen", "stolen/../../s/stolen", "..", ".", "", "x\ny", "\0stolen", "-rf", ("x"):rep(5000) } do
      pcall(function() book:send { file = name, text = "x" } end)
    end
  end,
}
