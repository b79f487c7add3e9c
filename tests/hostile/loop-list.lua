-- expect: 0
-- never: hostile-loop-list-ran
-- line: none
-- command: cp $file $work/loop-list.lua; cd $work; $pareto list $usual; rm loop-list.lua
local x = 0
while true do x = x + 1 end
return playbook { name = "hostile-loop-list-ran" }
