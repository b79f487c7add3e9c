-- expect: 1
-- says: accounts|unknown
accounts:put("tier", "A")
return playbook { name = "hostile-write-in-header" }
