-- expect: 0 1
-- line: none
-- command: $pareto check $file $usual
-- The body must not run when a playbook is only checked.
return playbook { name = "hostile-loop-check", run = function(book) while true do end end }
