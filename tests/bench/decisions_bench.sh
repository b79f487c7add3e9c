# Decisions: one table of 20 rows over 200,000 quotes, in memory and from rows with the log; price requests judged
decide_at=$here/decisions
peer=$shared/bench/decisions
flags="-I$root/vm -D_GNU_SOURCE -std=c17 -O2"
# rate WHAT WHO DECISIONS-A-SECOND [OURS]: one line; with the ratio when it is a peer's
rate() {
  awk -v what="$1" -v who="$2" -v n="$3" -v ours="${4:-}" 'BEGIN {
    printf "  %-44s %-10s %10.2f M/s", what, who, n / 1e6
    if (ours != "") printf "   pareto decides %.2f times as many", ours / n
    print "" }'
}
if ${CC:-gcc} $flags -o cases "$decide_at/cases.c" && ./cases >quotes.csv &&
  ${CC:-gcc} $flags -o memory "$decide_at/memory.c" "$build"/vm/base/*.o "$build"/vm/feel/*.o -lutf8proc -lbidgcc000 -lexpat -lm; then
  set -- $(./memory "$decide_at/concession.grid" quotes.csv 20)
  ours=$1
  [ "$2" = 3663409 ] || printf '  wrong: the rows add up to %s, not to 3663409\n' "$2"
  rate "in memory, one thread, outputs filled" pareto "$ours"
  if [ -f "$peer/c_peer.c" ] && command -v node >/dev/null; then
    cp "$peer"/*.mjs "$peer/c_peer.c" "$peer/package.json" . && mkdir -p out && node gen.mjs
    if ${CC:-gcc} -O2 -w -I/usr/include/lua5.4 -o c_peer c_peer.c -llua5.4 -lsqlite3 && ./c_peer >c_peer.log; then
      rate "" "C if-chain" "$(sed -n 's/^C if-chain.* \([0-9]*\) decisions.*/\1/p' c_peer.log)" "$ours"
      rate "" "C, table" "$(sed -n 's/^C interpreted.* \([0-9]*\) decisions.*/\1/p' c_peer.log)" "$ours"
    fi
    if [ -d "$build/peers/node_modules/@gorules" ]; then
      cp -r "$build/peers/node_modules" . && node zen.mjs >zen.log 2>&1 &&
        rate "" "Zen" "$(sed -n 's/^gorules.*Promise.* \([0-9]*\) decisions.*/\1/p' zen.log)" "$ours"
    else
      skip "GoRules Zen" "not installed: make bench-peers"
    fi
  else
    skip "C if-chain" "no $peer, or no node to write it"
  fi
else
  skip "decisions in memory" "does not compile"
fi

# The same quotes as rows of a database. The whole command is timed: it starts, reads five columns of 200,000 rows, decides,
# writes every decision to the log with its inputs, chains the log, commits and ends.
per_second() { awk -v n="$1" -v ms="$2" 'BEGIN { printf "%.0f", n / ms * 1000 }'; }
if [ -s quotes.csv ] && pareto --db rows.db init >/dev/null 2>&1; then
  for field in 'tier : one of A, B, C' 'churn : number' 'sens : one of high, mid, low' 'disc : number' 'margin : number'; do
    pareto --db rows.db field add "$field" --of quote >/dev/null 2>&1
  done
  sqlite3 rows.db "CREATE TABLE q(tier, churn REAL, sens, disc REAL, margin REAL)" ".import --csv quotes.csv q" \
    "INSERT INTO quote(code, tier, churn, sens, disc, margin) SELECT 'Q' || rowid, * FROM q" "DROP TABLE q"
  {
    echo 'return playbook { name = "rows", title = "Rows", of = "quote", tables = { concession = [['
    sed 's/max_discount/most_off/; s/approver/who/' "$decide_at/concession.grid"
    echo ']] }, run = function(book) book.all:decide "concession" end }'
  } >rows.lua
  if best 5 "pareto --db rows.db run rows --yes"; then
    rate "from 200,000 rows, the log written" pareto "$(per_second 200000 "$ms")"
    sum=$(sqlite3 rows.db "SELECT sum(hit) FROM decisions WHERE run = (SELECT max(id) FROM run)")
    [ "$sum" = 3663409 ] || printf '  wrong: the rows of the log add up to %s, not to 3663409\n' "$sum"
  fi
  bytes=$(sqlite3 rows.db "SELECT sum(length(CAST(cases AS BLOB))) / sum(n) FROM decision")
  printf '  %-44s %-10s %10s bytes\n' "a decision in the log" pareto "$bytes"
fi

# Requests of two lines, through all tables of concession-judge (floor, waterfall, authority, retention, verdict), every
# decision logged; what the playbook does with the verdicts (status, tasks) is left out. Then one request, asked for alone.
if pareto --db judge.db init >/dev/null 2>&1; then
  sqlite3 judge.db <"$decide_at/requests.sql" >/dev/null
  cp -r "$root/scripts/tables" . 2>/dev/null
  awk '/^  run = function/ { print "  run = function(book) book.all:decide \"verdict\" end }"; exit } /^  writes *=/ { skip = 1 }
    !skip { sub(/"concession-judge"/, "\"judged\""); print } skip && /}/ { skip = 0 }' "$root/scripts/concession-judge.lua" >judged.lua
  best 1 "pareto --db judge.db run judged --as-of 2026-10-25 --yes" &&
    printf '  %-44s %-10s %10s /s\n' "20,000 requests judged, the log written" pareto "$(per_second 20000 "$ms")"
  best 10 "PARETO_PATH=$root/scripts pareto --db judge.db judge Q77 --as-of 2026-10-25" && line "one request judged, start to end" pareto "$ms"
fi
