-- expect: 0
-- says: told
-- never: MADE
-- needs: outbox
-- line: none
-- command: cp $db $work/s.db; mkdir $work/s; cd $work/s; $pareto set outbox.command "cat >/dev/null; echo told" --db $work/s.db --yes; $pareto run $file --db $work/s.db --no-input --yes --timeout 1; ls $work/s | sed s/^/MADE/; rm -r $work/s $work/s.db*; exit 0
return playbook {
  name = "hostile",
  run = function(book)
    local word = ("stolen-%s"):format("by-shell")
    book:send { to = "x; touch " .. word, name = "$(touch " .. word .. ")", text = "`touch " .. word .. "`" }
    book:send { to = "'; touch " .. word .. " #", name = "\n touch " .. word, text = "touch " .. word }
  end,
}
