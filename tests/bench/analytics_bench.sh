# Analytics: the job over stored order lines, beside DuckDB (make bench-peers) and a C program that stores nothing
LINES=${BENCH_LINES:-5000000} ACCOUNTS=${BENCH_ACCOUNTS:-20000}
job_at=$here/analytics
peer_at=$build/peers
analytics=$shared/bench/analytics
map='account = account_id, order_no = order_id, day = order_date, revenue = revenue, cost = cost'

load() { # CSV: into j.db
  echo "pareto import $1 --as orders --db j.db --yes --no-input --create account --map '$map'"
}
# The job writes nothing, so that its plan is all of it; run records it besides, with all that it showed
job() { echo "pareto ${1:-plan} '$job_at/job.lua' --db ${2:-j.db} --as-of 2025-01-01 --format csv --output job.csv ${3:-}"; }
duck() { # STEP FILE: DuckDB's own process, as a user would start it
  echo "CSV=${3:-lines.csv} NODE_PATH='$peer_at/node_modules' node '$peer_at/duck.mjs' $1 $2 2"
}
peak() { # COMMAND: its peak memory in MiB, in $mib
  mib=
  command -v /usr/bin/time >/dev/null || return 1
  /usr/bin/time -f %M -o peak sh -c "$1" >log 2>&1 || return 1
  mib=$(awk '{ printf "%.0f", $1 / 1024 }' peak)
}
beside() { # WHAT OURS PEER
  best 3 "$2" || return
  ours=$ms
  line "$1" pareto "$ours"
  [ -z "$have_duck" ] || { best 3 "$3" && line "" duckdb "$ms" "$ours"; }
}

if [ ! -f "$analytics/gen.c" ]; then
  skip "analytics" "no data at $shared"
elif ! sed 's/1<<18/1<<22/g; s/1<<17/1<<21/g' "$analytics/floor.c" >floor.c || # room for more than 131,071 accounts
  ! ${CC:-gcc} -O2 -w -o gen "$analytics/gen.c" -lm || ! ${CC:-gcc} -O2 -w -o floor floor.c -lm; then
  skip "analytics" "its generator does not compile"
else
  have_duck=
  if [ -d "$peer_at/node_modules/@duckdb" ] && command -v node >/dev/null; then
    have_duck=1
    cp "$analytics/duck.mjs" "$peer_at/duck.mjs"
    cp -r "$peer_at/node_modules" . 2>/dev/null
  else
    skip "duckdb" "not installed: make bench-peers"
  fi
  ./gen "$ACCOUNTS" "$LINES" 20261122 >lines.csv
  best 3 "./floor lines.csv floor.csv" && line "C straight from the CSV, nothing stored" floor "$ms"
  beside "first import, columns built" "rm -f j.db* && pareto init --db j.db --currency USD && $(load lines.csv)" \
    "rm -f d.duckdb* && $(duck load d.duckdb)"
  beside "the job on stored data" "$(job)" "$(duck compute d.duckdb)"
  lua5.4 "$job_at/compare.lua" floor.csv job.csv | sed 's/^/  /'
  best 3 "$(job run j.db --yes)" && line "the same, recorded as a run" pareto "$ms"
  peak "$(job)" && printf '  %-44s %-10s %10d MiB\n' "peak memory of the job" pareto "$mib"
  [ -z "$have_duck" ] || { peak "$(duck compute d.duckdb)" && printf '  %-44s %-10s %10d MiB\n' "" duckdb "$mib"; }
  # the last month comes on its own
  { head -1 lines.csv; grep -v ',2024-12-' lines.csv | tail -n +2; } >before.csv
  { head -1 lines.csv; grep ',2024-12-' lines.csv; } >month.csv
  rm -f j.db* b.db* && pareto init --db j.db --currency USD >/dev/null 2>&1
  sh -c "$(load before.csv)" >/dev/null 2>&1
  mv j.db b.db
  if best 3 "rm -f j.db* && cp b.db j.db && sync j.db && start=\$(date +%s%N) && $(load month.csv) && $(job) && echo \$(((\$(date +%s%N) - start) / 1000000)) >>append"; then
    line "one more month in, then the job" pareto "$(sort -n append | head -1)"
  fi
  lua5.4 "$job_at/compare.lua" floor.csv job.csv | sed 's/^/  /'
  ours=$(sort -n append | head -1)
  if [ -n "$have_duck" ]; then
    cat >append.mjs <<'END'
import { createRequire } from 'module'; const require = createRequire(process.cwd() + '/');
const { DuckDBInstance } = require('@duckdb/node-api');
const db = await DuckDBInstance.create('a.duckdb', { threads: '2' }); const c = await db.connect();
await c.run(`INSERT INTO lines SELECT * FROM read_csv('month.csv',header=true,columns={'account_id':'VARCHAR','order_id':'INTEGER','order_date':'DATE','revenue':'DOUBLE','cost':'DOUBLE'})`);
END
    rm -f a0.duckdb* && sh -c "$(duck load a0.duckdb before.csv)" >/dev/null 2>&1
    rm -f append
    best 3 "rm -f a.duckdb* && cp a0.duckdb a.duckdb && sync a.duckdb && start=\$(date +%s%N) && node append.mjs && $(duck compute a.duckdb) && echo \$(((\$(date +%s%N) - start) / 1000000)) >>append" &&
      line "" duckdb "$(sort -n append | head -1)" "$ours"
  fi
  best 3 "pareto query true --db j.db --as-of 2024-12-17 --columns 'code, sum(revenue, 90d)' --format csv --output w.csv" && ours=$ms &&
    line "90 days that end mid-month" pareto "$ours"
  if [ -n "$have_duck" ]; then
    cat >window.mjs <<'END'
import { createRequire } from 'module'; const require = createRequire(process.cwd() + '/');
const { DuckDBInstance } = require('@duckdb/node-api');
const db = await DuckDBInstance.create('d.duckdb', { threads: '2' }); const c = await db.connect();
await c.run(`COPY (SELECT account_id, sum(revenue) FROM lines WHERE order_date >= DATE '2024-12-17' - 90 AND order_date < DATE '2024-12-17' GROUP BY account_id ORDER BY account_id) TO 'dw.csv' (HEADER)`);
END
    best 3 "node window.mjs" && line "" duckdb "$ms" "$ours"
  fi
  rm -f a*.duckdb* b.db d.duckdb* j.db* before.csv month.csv
  # cost follows accounts, not lines
  for million in ${BENCH_GROWTH-1 2 5 10}; do
    ./gen "$ACCOUNTS" "${million}000000" 20261122 >grown.csv
    rm -f j.db* && pareto init --db j.db --currency USD >/dev/null 2>&1 && sh -c "$(load grown.csv)" >/dev/null 2>&1
    best 5 "$(job)" && line "the job, $million million lines of $ACCOUNTS accounts" pareto "$ms"
  done
  # many accounts
  if [ -n "${BENCH_MANY-1000000}" ]; then
    ./gen "${BENCH_MANY-1000000}" 10000000 20261122 >grown.csv
    beside "first import, 10 million lines of ${BENCH_MANY-1000000} accounts" \
      "rm -f j.db* && pareto init --db j.db --currency USD && $(load grown.csv)" "rm -f d.duckdb* && $(duck load d.duckdb grown.csv)"
    beside "the job" "$(job)" "$(duck compute d.duckdb)"
    ./floor grown.csv floor.csv >/dev/null && lua5.4 "$job_at/compare.lua" floor.csv job.csv | sed 's/^/  /'
    peak "$(job)" && printf '  %-44s %-10s %10d MiB\n' "its peak memory" pareto "$mib"
  fi
fi
