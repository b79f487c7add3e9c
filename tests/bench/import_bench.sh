# Import of order lines into a file, beside the sqlite3 shell's .import of the same file into a plain table
import_pareto() { # DB-NAME COMMANDS: a fresh database each time
  best 3 "rm -f $1*; $2"
}
import_sqlite() { # FILE
  best 3 "rm -f peer.db; sqlite3 peer.db '.mode csv' '.import $1 t'"
}

company --out files >/dev/null 2>&1
accounts='for f in accounts:account products:product; do pareto import files/${f%:*}.csv --as ${f#*:} --db o.db --yes --no-input; done'
pareto init --db base.db >/dev/null 2>&1
sh -c "$(echo "$accounts" | sed 's/o\.db/base.db/')" >/dev/null 2>&1
what="sample company, $(($(wc -l <files/orders.csv) - 1)) lines"
if import_pareto o.db "cp base.db o.db; pareto import files/orders.csv --as orders --db o.db --yes --no-input"; then
  ours=$ms
  line "$what" pareto "$ours"
  import_sqlite files/orders.csv && line "" sqlite3 "$ms" "$ours"
fi

retail=$shared/data/online_retail/online_retail.csv
if [ -f "$retail" ]; then
  if import_pareto r.db "pareto init --db r.db --minor 3; pareto import '$retail' --as orders --db r.db --yes --no-input \
    --map 'account = CustomerID, order_no = InvoiceNo, day = InvoiceDate, quantity = Quantity, revenue = Quantity * UnitPrice' \
    --where 'CustomerID != null and not(starts_with(InvoiceNo, \"C\")) and Quantity > 0 and UnitPrice > 0' --create account"; then
    ours=$ms
    line "Online Retail, 541,909 lines, cleaned" pareto "$ours"
    import_sqlite "$retail" && line "" sqlite3 "$ms" "$ours"
  fi
else
  skip "Online Retail" "no data at $shared"
fi
