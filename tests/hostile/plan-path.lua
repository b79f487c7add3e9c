-- expect: 1 2
-- says: plan
-- needs: apply
-- line: none
-- command: cd $work; $pareto apply ../../../etc/passwd $usual
return nil
