#!/bin/sh
# How `orders` is laid out and what reading it costs: sh tests/bench/layout.sh [LINES [ACCOUNTS]]
# Not among `make bench`'s peers: it takes minutes and compares layouts of our own.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$top"
flags="-std=c17 -O2 -D_GNU_SOURCE -Ivm"
# shellcheck disable=SC2086
${CC:-gcc} $flags tests/bench/layout.c vm/base/date.c vm/base/str.c vm/base/mem.c -o "$work/layout" -lsqlite3 -lutf8proc
# shellcheck disable=SC2086
${CC:-gcc} $flags tests/bench/layout_read.c vm/base/*.c vm/feel/src.c vm/feel/type.c \
  $(ls vm/store/*.c | grep -v -e /import -e /csv) \
  -o "$work/layout_read" -lsqlite3 -lutf8proc -lbidgcc000 -lnettle -lm -lpthread
"$work/layout" "${1:-5000000}" "${2:-20000}" "$work"
echo
"$work/layout_read" "${1:-5000000}" "${2:-20000}" "$work/read.db"
