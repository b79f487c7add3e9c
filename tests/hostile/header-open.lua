-- expect: 1
-- says: unfinished|near|long
-- line: none
-- command: printf 'return playbook { name = [==[ never closed' >$work/open.lua; $pareto run $work/open.lua $usual --yes; c=$?; rm $work/open.lua; exit $c
return nil
