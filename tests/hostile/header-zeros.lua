-- expect: 1
-- line: none
-- command: head -c 30000000 /dev/zero >$work/zero.lua; $pareto run $work/zero.lua $usual --yes; c=$?; rm $work/zero.lua; exit $c
return nil
