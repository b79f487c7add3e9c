-- expect: 0 1 2
-- never: 13900000001
-- never: 王建国
-- line: none
-- command: for r in "contacts.phone = '1'" "count(contacts[phone = '13900000009']) > 0" "sum(revenue, 6m)"; do $pareto explain "$r" $usual; done; $pareto eval "= contacts.phone" $usual; $pareto help contact $usual; $pareto check $file $usual
return playbook { name = "hostile-masked-explain", metrics = "p = first(contacts.phone)", run = function(book) print(book.all:top(1, "p")) end }
