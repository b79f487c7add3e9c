-- expect: 0 1 2 124
-- line: none
-- command: mkfifo $work/pipe.lua; cd $work; $pareto list $usual; c=$?; rm $work/pipe.lua; exit $c
return nil
