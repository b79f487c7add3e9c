-- expect: 1
-- says: header|limit|budget|without end|overflow|deep
local function down() return 1 + down() end
return playbook { name = "hostile-header-function", about = down() }
