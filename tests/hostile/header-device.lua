-- expect: 1 124
-- line: none
-- command: ulimit -v 4000000; $pareto run /dev/zero $usual --yes
return nil
