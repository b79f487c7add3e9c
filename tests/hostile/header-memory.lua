-- expect: 1
-- says: memory|header|string
return playbook { name = "hostile-header-memory", about = string.rep("x", 1 << 30) }
