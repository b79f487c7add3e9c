-- expect: 1
-- says: setmetatable|unknown
local t = setmetatable({}, { __index = function() while true do end end })
return playbook(t)
