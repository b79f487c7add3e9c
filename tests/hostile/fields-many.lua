-- expect: 1
-- says: column|many|fields
-- line: none
-- command: awk '/^    a thousand/ { for (i = 0; i < 2100; i++) print "f" i " : number"; next } { print }' $file >$work/many.lua; $pareto run $work/many.lua $usual --yes; c=$?; rm $work/many.lua; exit $c
return playbook {
  name = "hostile-fields-many",
  writes = { "account.f1" },
  fields = [[
    a thousand more
  ]],
  run = function(book)
    return 1
  end,
}
