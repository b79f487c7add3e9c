-- expect: 0 1 2
-- says: ok:
-- needs: set
-- line: none
-- command: cp $db $work/m.db; $pareto verify --adopt --yes --db $work/m.db; $pareto set "x'); DROP TABLE setting; --" 1 --db $work/m.db --yes; $pareto set currency "'); DROP TABLE setting; --" --db $work/m.db --yes; $pareto verify --db $work/m.db; c=$?; rm -r $work/m.db*; exit $c
return nil
