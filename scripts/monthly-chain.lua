-- The month as it closes: who earns us money, who buys how, who may leave; one schedule, one report.
return chain {
  name     = "monthly-chain",
  title    = "Monthly chain  月度闭环",
  about    = [[
    Once a month, on figures up to its first day: profit types, RFM, the four kinds, churn warnings, and each quarter
    whether a fifth of the accounts still brings four fifths of the revenue. Where more accounts would change their
    profit type than usual it stops for a signature (pareto approve RUN).
    Set up: pareto schedule add monthly monthly-chain
  ]],
  tags     = { "schedule" },
  every    = "1st 06:00 Asia/Shanghai",
  as_of    = "start of month",
  catch_up = "latest",
  args     = [[
    month : text = month(as_of - 1d)        // the month that is reported, as in 2026-10
  ]],
  steps = {
    { "profit-types",   max_percent = 15, wait = "approve" },
    { "rfm" },
    { "four-kinds",     on_fail = "go on" },
    { "churn-warning" },
    { "pareto-80-20",   when = "month(as_of) in (1, 4, 7, 10)" },
    { "report", "monthly-{month}.html", of = "all" },
  },
}
