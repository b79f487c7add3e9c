-- expect: 1 2
-- says: book|reads
-- needs: outbox
-- line: none
-- command: $pareto eval "book:send { to = [[x]], name = [[x]], text = [[x]] }" $usual
return nil
