-- expect: 1
-- says: memory|header|key|without end
-- line: none
local t = {}
for i = 1, 1e9 do t["k" .. i] = i end
return playbook { name = "hostile-header-keys", tags = t }
