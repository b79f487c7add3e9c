-- expect: 1 2
-- says: itself|same|one
-- needs: merge
-- line: none
-- command: cp $db $work/m.db; $pareto merge C0001 C0001 --db $work/m.db --yes; c=$?; rm $work/m.db*; exit $c
return nil
