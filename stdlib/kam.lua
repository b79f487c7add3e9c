-- A rulebook: rules shared by name through `uses = { "kam" }`. No run, nothing written.
-- Its args are settings of the company: one value for everybody, dated, changed by a run (`pareto set kam.red 60%`).
return rulebook {
  name  = "kam",
  about = "Rules every family leans on: churn risk, wallet, cadence, valid key accounts.",
  args  = [[
    red = 60% in [0%..100%]   // counts as at risk, everywhere
  ]],
  metrics = [[
    quiet        : d = days_since(orders)
    usual_gap    : d = gap(orders, 24m)                        // mean days between order days
    slide        : % = pop(sum(revenue, 3m))                   // on the three months before  环比
    yearly       : % = yoy(sum(revenue, 3m))                   // the season taken out  同比
    stale        : d = default(max(complaints[status = 'open'].age), 0d)
    unvisited    : d = days_since(visits[status = 'done'])
    next_year    : ¥ = forecast(profit, 12m)                   // the forecast, by the seasons
    at_risk      : ¥ = churn_risk * max(next_year, 0)          // value at risk  风险价值
    wallet_share : % = revenue_12m / latest(wallet.category_spend)   // null when the wallet is unknown
    valid_key        = in_segment('valid-key')
    loss_driver      = churn_risk.top(1)
  ]],
  scores = { churn_risk = {
    out_of = "100%", min_known = "60%",                           -- less is known: null
    [[
    driver     | points | when                                       | say
    silence    |     25 | scale(quiet / usual_gap, 1.2, 3)           | {quiet:d} without an order, usually {usual_gap:d}
    slide      |     20 | scale(-slide, 10%, 50%)                    | three months {slide:%} on the three before
    season     |     10 | scale(-yearly, 10%, 50%)                   | {yearly:%} on the same months last year
    complaint  |     15 | stale > 10d                                | a complaint open {stale:d}  投诉未及时解决
    wallet     |     10 | wallet_share < ago(wallet_share, 6m) - 5%  | our share of their budget fell to {wallet_share:%}
    unvisited  |     10 | unvisited > 2 * cadence                    | last visit {unvisited:d} ago
    champion   |     10 | count(contacts[attitude >= 'supporter' and active]) = 0 | no supporter left among their people
    ]] } },
  tables = { cadence = [[
    unique | tier || cadence
           | A    || 1w
           | B    || 2w
           | C    || 4w
           | D    || 1q
  ]] },
}
