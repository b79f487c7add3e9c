-- The same month from the files of other systems: what they delivered is imported first, and it has to be enough.
return chain {
  name     = "month-from-erp",
  title    = "A month from its files",
  every    = "1st 06:00 Asia/Shanghai",
  as_of    = "start of month",
  args     = [[
    inbox : folder = "inbox"                // where other systems put their files
    month : text   = month(as_of - 1d)      // the month that has ended, as in 2026-10
    least : count  = 100                    // order lines that a whole month has at least
  ]],
  steps = {
    { "import", "{inbox}/orders-{month}.csv", as = "orders", mapping = "erp-orders", must = "rows >= least and rejected = 0" },
    { "profit-types",   max_percent = 15, wait = "approve" },
    { "rfm" },
    { "churn-warning",  args = { watch = "30%" }, timeout = "20min" },
    { "report", "month-{month}.html", of = "all", to = { "sales-heads" } },
  },
}
