# Decisions: one table of 20 rows over 200,000 quotes, beside a C if-chain, and GoRules Zen when node has it
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
