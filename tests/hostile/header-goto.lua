-- expect: 1
-- says: header|limit|budget|without end
::again:: goto again
return playbook { name = "hostile-header-goto" }
