-- expect: 1 124
-- says: budget|header|limit|timed out
local x = 0
while true do x = x + 1 end
return playbook { name = "hostile-header-loop" }
