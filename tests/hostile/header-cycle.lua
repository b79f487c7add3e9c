-- expect: 1
local t = {}
t[1] = t
return playbook { name = "hostile-header-cycle", tags = t }
