#!/bin/sh
# make demo: an invented company's files go in, its key accounts come out, explained. Everything stays in build/demo.
set -eu
build=$(cd "${BUILD:-build}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
demo=$build/demo
PATH=$build:$PATH
PARETO_PATH=$(dirname "$here")/scripts
PARETO_DB=$demo/pareto.db
LANG=${LANG:-C.UTF-8}
export PATH PARETO_PATH PARETO_DB LANG
asof=2026-11-01 before=2026-10-01

say() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi; }
show() { # prints a command as one would type it, and runs it
  printf '$ %s' "$1"
  shown=$1
  shift
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_.,:=/@%-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
  done
  printf '\n'
  "$shown" "$@"
}

report() { # the same, and prints the first 42 lines of what it says, and where the rest is
  show "$@" >report.txt 2>&1 || { cat report.txt >&2; exit 1; }
  sed -n 1,42p report.txt
  if [ "$(wc -l <report.txt)" -gt 42 ]; then
    printf '  … %d more lines; all of them, and every change: pareto show, pareto history\n' "$(($(wc -l <report.txt) - 42))"
  fi
}

rm -rf "$demo"
mkdir -p "$demo"
cd "$demo"

say "1  A company of 2,000 accounts, invented: three years of orders, visits, quotes, complaints, as CSV files"
show company --accounts 2000 --out files
printf '%s order lines in files/orders.csv, which begins\n' "$(($(wc -l <files/orders.csv) - 1))"
head -3 files/orders.csv | sed 's/^/  /'

say "2  One database file; each CSV file is imported as what its rows are"
show pareto init
# Those that are mentioned come before those that mention them.
for pair in staff:staff accounts:account contacts:contact assignments:assignment calendar:calendar holidays:holiday absences:absence openings:opening \
  no_visits:no_visit travels:travel products:product prices:price costs:cost \
  partners:partner registrations:registration authority:authority agreements:agreement orders:orders quotes:quote quote_lines:quote_line \
  offers:offer concessions:concession activities:activity visits:visit complaints:complaint surveys:survey trust:trust \
  needs:need requirements:requirement plan_items:plan_item competitors:competitor wallet:wallet losses:loss events:event; do
  file=files/${pair%%:*}.csv entity=${pair##*:}
  printf '$ pareto import %-24s --as %-13s --yes %9d rows\n' "$file" "$entity" "$(($(wc -l <"$file") - 1))"
  pareto import "$file" --as "$entity" --as-of $before --yes --no-input >import.log 2>&1 || { cat import.log >&2; exit 1; }
done

say "3  Does a fifth of the accounts bring four fifths of the revenue? Measured, not assumed"
report pareto run pareto-80-20 --as-of $asof --yes

say "4  Who earns us money? Accounts are sorted by what is left after cost to serve; P1 and P2 are the valid key accounts"
show pareto run profit-types --as-of $before --yes >first.txt 2>&1 || { cat first.txt >&2; exit 1; }
sed -n 1p first.txt
echo "  (October's list, so that November's has something to differ from)"
report pareto run profit-types --as-of $asof --yes

say "5  Who bought lately, often, much?"
report pareto run rfm --as-of $asof --yes

account=$(pareto query "profit_type = 'P3' and ago(profit_type, 1m) in ('P1', 'P2')" --columns code --sort -revenue_12m --top 1 \
  --as-of $asof --format csv | tail -1)
say "6  Why was $account taken out of the valid key accounts? The run's own record answers"
show pareto why "$account" profit_type --as-of $asof

say "7  The month by itself: a chain on a schedule; what comes next, and the run that was due on $asof"
show pareto schedule add monthly monthly-chain --tz Asia/Shanghai --since 2026-10-15 2>&1
show pareto schedule next -n 3 --now 2026-10-31
show pareto tick --now ${asof}T06:00+08:00 2>&1
show pareto status --now ${asof}T07:00+08:00
pareto schedule log --last 1 --format line

say "Try next, after:  cd $demo; PATH=$build:\$PATH; export PARETO_PATH=$PARETO_PATH"
next() { printf '  %-82s %s\n' "$1" "$2"; }
next "pareto query \"tier = 'A' and yoy(revenue_12m) < -20%\" --as-of $asof" "large ones that shrink"
next "pareto whynot $account profit_type P1 --as-of $asof" "what it would take"
next "pareto plan profit-types --set good=20% --as-of $asof" "another cut-off, not written"
next "pareto judge Q-00218 --as-of $asof" "one price request, row by row"
next "pareto run concession-judge --as-of $asof --yes" "all of them: granted, to be signed, refused"
next "pareto history" "what was done, by whom"
next "pareto help profit-types" "what a playbook says of itself"
next "pareto --as-of $asof" "ask on: = begins a rule"
cat <<END
The playbook behind step 4 is scripts/profit-types.lua: read it aloud, change a figure, run it again.
END
