-- expect: 1
-- says: head|chain
-- needs: verify
-- line: none
-- command: cp $db $work/v.db; $pareto verify --adopt --yes --db $work/v.db; $pareto verify --head 0000000000000000000000000000000000000000000000000000000000000000 --db $work/v.db; c=$?; rm -r $work/v.db*; exit $c
return nil
