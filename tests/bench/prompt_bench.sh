# The prompt: until it stands, the first page of 20,000 rows, completion among 20,000 codes
awk 'BEGIN { print "code,name,status,region,tier"
  for (i = 1; i <= 20000; i++) printf "C%05d,Company %d,active,R%d,B\n", i, i, i % 30 }' >many.csv
pareto init --db many.db >/dev/null 2>&1
pareto import many.csv --as account --db many.db --as-of 2026-01-01 --yes >/dev/null 2>&1
XDG_STATE_HOME=$PWD XDG_CONFIG_HOME=$PWD HOME=$PWD PAGER=less
export XDG_STATE_HOME XDG_CONFIG_HOME HOME PAGER
# at N KEYS-ARGUMENTS: the N-th time that keys prints, the shortest of five, in $ms
at() {
  nth=$1 ms= times=5
  shift
  while [ "$times" -gt 0 ]; do
    took=$("$build/bench/keys" "$@" 2>"$work/log" | sed -n "${nth}p")
    [ -n "$took" ] || { printf '  failed: %s\n' "$*"; head -c 400 "$work/log"; ms=; return 1; }
    if [ -z "$ms" ] || [ "$(awk "BEGIN { print ($took < $ms) }")" = 1 ]; then ms=$took; fi
    times=$((times - 1))
  done
}
if at 1 '1> ' -- pareto --db many.db; then
  ours=$ms
  line "from the key to the prompt" pareto "$ours"
  ! command -v sqlite3 >/dev/null || { at 1 'sqlite> ' -- sqlite3 many.db && line "" sqlite3 "$ms" "$ours"; }
  ! command -v lua5.4 >/dev/null || { at 1 '> ' -- lua5.4 && line "" lua5.4 "$ms" "$ours"; }
fi
at 2 '1> ' 'accounts\r' '2> ' -- pareto --db many.db && line "a table of 20,000 rows, its first ten" pareto "$ms"
at 3 '1> ' '.rows all\r' '1> ' 'accounts\r' 'C00030' -- pareto --db many.db && line "the first page of all 20,000" pareto "$ms"
at 2 '1> ' 'account "C1999\t\t' 'C19999' -- pareto --db many.db && line "completion among 20,000 codes" pareto "$ms"
