-- expect: 1
-- says: unfinished|near|long
return playbook { name = [==[ never closed
