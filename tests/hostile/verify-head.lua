-- expect: 1
-- says: head|chain
-- needs: verify
-- line: none
-- command: $pareto verify --head 0000000000000000000000000000000000000000000000000000000000000000 --db $db
return nil
