-- expect: 1
-- says: memory|header|limit
-- line: none
local s = "xxxxxxxx"
for _ = 1, 60 do s = s .. s end
return playbook { name = s }
