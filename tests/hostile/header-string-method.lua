-- expect: 1
-- says: index|rep|string|memory
return playbook { name = ("x"):rep(1 << 30) }
