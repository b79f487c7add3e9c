-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 王建国
-- needs: whatif
-- command: $pareto whatif $file $usual --set s=x
return playbook {
  name = "hostile-masked-whatif",
  of = "contact",
  args = "s : text = ''",
  tables = { t = "first | starts_with(phone, s) || why\n | true || {phone}\n | - || {name}\n" },
  run = function(book) book.all:decide "t" end,
}
