-- expect: 1
-- says: accounts
return playbook { name = "hostile-header-call", about = accounts "true" }
