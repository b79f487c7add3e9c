#!/bin/sh
# make visits-big: an invented company of 300 managers and 20,000 accounts is planned for four weeks; the checker in SQL finds
# no rule broken; planned again nothing moves; and when a hundredth of the accounts changes, few others move, none in frozen days.
set -eu
build=$(cd "${BUILD:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
PATH=$build:$PATH
PARETO_PATH=$here/../../scripts
PARETO_DB=$build/visits-big/pareto.db
LANG=C.UTF-8
export PATH PARETO_PATH PARETO_DB LANG
managers=${MANAGERS:-300} accounts=${ACCOUNTS:-20000} asof=2026-11-01
failed=0
rm -rf "$build/visits-big"
mkdir -p "$build/visits-big"
cd "$build/visits-big"

company --managers "$managers" --accounts "$accounts" --partners 10 --lines "$accounts" --out files
pareto init 2>log
for pair in staff:staff accounts:account contacts:contact assignments:assignment calendar:calendar holidays:holiday absences:absence \
  openings:opening no_visits:no_visit travels:travel products:product orders:orders visits:visit complaints:complaint needs:need; do
  pareto import "files/${pair%%:*}.csv" --as "${pair##*:}" --as-of 2026-10-01 --yes --no-input >log 2>&1 || { cat log; exit 1; }
done

check() { # NAME: the rules, of all visits planned
  sqlite3 -readonly "$PARETO_DB" <"$here/check.sql" >broken.txt
  printf '  %-28s %6d visits planned, %d rules broken\n' "$1" \
    "$(sqlite3 "$PARETO_DB" "SELECT count(*) FROM visit WHERE status IN ('planned', 'fixed', 'moved') AND begins IS NOT NULL")" "$(wc -l <broken.txt)"
  [ ! -s broken.txt ] || { head -5 broken.txt; failed=1; }
}
plan() { # NAME ARGS…: times of the whole command, from reading rows to calendars
  name=$1
  shift
  command time -f "  $name: %e s, %U CPU s, %M KB" pareto run visit-plan --as-of $asof --yes "$@" >log 2>time.txt || { cat log time.txt; exit 1; }
  tail -1 time.txt
}

printf '%d managers, %d accounts, four weeks\n' "$managers" "$accounts"
plan first
check "the first plan"
sqlite3 "$PARETO_DB" "SELECT id || ' ' || day || ' ' || coalesce(begins, '') || ' ' || account FROM visit WHERE status = 'planned' ORDER BY id" >before.txt
plan again
check "planned again"
sqlite3 "$PARETO_DB" "SELECT id || ' ' || day || ' ' || coalesce(begins, '') || ' ' || account FROM visit WHERE status = 'planned' ORDER BY id" >again.txt
moved=$(diff before.txt again.txt | grep -c '^[<>]' || true)
printf '  %d visits moved when nothing had changed\n' "$moved"
[ "$moved" = 0 ] || failed=1

# A hundredth: visits take longer there, or there is one tier more to see.
awk -F, 'NR == 1 { print "code,visit_minutes,tier" } NR > 1 && NR % 100 == 7 { print $1 "," (NR % 200 == 7 ? 75 : "") "," (NR % 200 == 7 ? $4 : "A") }' \
  files/accounts.csv >changed.csv
pareto import changed.csv --as account --as-of $asof --yes >log 2>&1 || { cat log; exit 1; }
sqlite3 "$PARETO_DB" "SELECT id || ',' || day || ',' || account FROM visit WHERE status = 'planned'" >was.csv
plan "a hundredth changed" --seed 2
check "a hundredth changed"
cut -d, -f1 changed.csv | tail -n +2 >changed.txt
sqlite3 "$PARETO_DB" <<SQL >moved.txt
CREATE TEMP TABLE was(id INTEGER PRIMARY KEY, day TEXT, account INTEGER);
CREATE TEMP TABLE changed(code TEXT);
.mode csv
.import was.csv was
.import changed.txt changed
.mode list
SELECT '  ' || count(*) || ' of ' || (SELECT count(*) FROM was) || ' visits of others on another day or gone ('
       || round(100.0 * count(*) / (SELECT count(*) FROM was), 2) || ' %), '
       || coalesce(sum(w.day < '2026-11-08'), 0) || ' in frozen days'
  FROM was w JOIN visit v ON v.id = w.id JOIN account a ON a.id = w.account
  WHERE (v.day <> w.day OR v.status <> 'planned') AND a.code NOT IN (SELECT code FROM changed);
SQL
cat moved.txt
grep -Eq '\(([0-2]\.[0-9]+|3\.0) %\), 0 in frozen days' moved.txt || failed=1
exit $failed
