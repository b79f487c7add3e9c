-- expect: 0 1
-- line: none
-- command: { printf "return playbook { name = \"x\", about = [["; head -c 60000000 /dev/zero | tr "\\0" x; printf "]] }"; } >$work/huge.lua; $pareto check $work/huge.lua $usual; c=$?; rm $work/huge.lua; exit $c
return nil
