-- expect: 1
-- says: os
return playbook { name = "hostile-header-os", about = os.getenv("HOME") }
