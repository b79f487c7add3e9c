# Start-up, 50 times in a row
fifty() { echo "i=0; while [ \$i -lt 50 ]; do $1; i=\$((i + 1)); done"; }
pareto init --db s.db >/dev/null 2>&1
if best 5 "$(fifty 'pareto version')"; then
  ours=$ms
  line "say the version" pareto "$ours"
  if command -v lua5.4 >/dev/null; then
    best 5 "$(fifty "lua5.4 -e 'print(1)'")" && line "" lua5.4 "$ms" "$ours"
  else
    skip "" "no lua5.4"
  fi
  best 5 "$(fifty "sqlite3 :memory: 'select 1'")" && line "" sqlite3 "$ms" "$ours"
fi
if best 5 "$(fifty 'pareto eval 1 --db s.db')"; then
  ours=$ms
  line "eval 1" pareto "$ours"
  best 5 "$(fifty "sqlite3 :memory: 'select 1'")" && line "" sqlite3 "$ms" "$ours"
  ! command -v lua5.4 >/dev/null || { best 5 "$(fifty "lua5.4 -e x=1")" && line "" lua5.4 "$ms" "$ours"; }
fi
if best 5 "$(fifty "pareto query --db s.db true --as-of 2026-11-01")"; then
  ours=$ms
  line "open a database, ask one thing" pareto "$ours"
  best 5 "$(fifty "sqlite3 s.db 'select count(*) from account'")" && line "" sqlite3 "$ms" "$ours"
fi
