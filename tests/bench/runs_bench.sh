# Runs: what the journal, the record and the deadline cost
awk 'BEGIN { print "code,name,status,region,headcount,tier"
  for (i = 1; i <= 20000; i++) printf "C%05d,Company %d,active,R%d,%d,B\n", i, i, i % 30, i % 500 }' >many.csv
pareto init --db many.db >/dev/null 2>&1
pareto import many.csv --as account --db many.db --as-of 2026-01-01 --yes >/dev/null 2>&1
cat >all.lua <<'END'
return playbook { name = "all", title = "All", writes = { "account.region" },
  run = function(book) book.all:put("region", "elsewhere") end }
END
cat >none.lua <<'END'
return playbook { name = "none", title = "None", run = function(book) end }
END
cat >busy.lua <<'END'
return playbook { name = "busy", title = "Busy",
  run = function(book) local t = 0 for i = 1, 3e7 do t = (t + i) % 1000003 end book:note("done") end }
END
if best 3 "cp many.db r.db; pareto run all --db r.db --yes"; then
  ours=$ms
  line "change 20,000 rows, planned, journalled, logged" pareto "$ours"
  best 3 "cp many.db r.db; sqlite3 r.db \"UPDATE account SET region = 'elsewhere'\"" && line "" "bare SQL" "$ms" "$ours"
  best 3 "cp many.db r.db; sqlite3 r.db \"CREATE TABLE log(id INTEGER PRIMARY KEY, row INTEGER, was TEXT, now TEXT); BEGIN;
    INSERT INTO log(row, was, now) SELECT id, json_object('region', region), json_object('region', 'elsewhere') FROM account;
    UPDATE account SET region = 'elsewhere'; COMMIT\"" && line "" "SQL + log" "$ms" "$ours"
  best 3 "cp many.db r.db; pareto run all --db r.db --yes; pareto undo 2 --db r.db --yes" && line "the same, and undone" pareto "$ms"
  best 3 "pareto verify --db r.db" && line "verify all of it" pareto "$ms"
fi
best 5 "cp many.db r.db; pareto run none --db r.db --yes" && line "a run that changes nothing" pareto "$ms"
if best 5 "pareto plan busy --db many.db --timeout 60"; then
  ours=$ms
  line "30 million steps of Lua under a deadline" pareto "$ours"
  best 5 "pareto plan busy --db many.db --timeout 0" && line "" "without" "$ms" "$ours"
fi
