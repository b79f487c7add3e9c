-- The job of the analytics bench as a playbook: a line for every account that ever bought.
return playbook {
  name    = "job",
  title   = "Revenue, profit, orders, trend, share and RFM of every account",
  tags    = { "bench" },
  scope   = "days_since(orders) < never",
  metrics = [[
    rev12      : ¥ = sum(revenue, 12m)
    profit12   : ¥ = sum(profit, 12m)
    orders12       = count(orders, 12m)
    quiet      : d = days_since(orders)
    slope12    : ¥ = slope(revenue, 12m)
    prev12     : ¥ = ago(sum(profit, 12m), 12m)
    earned     : ¥ = max(profit12, 0)
    nth            = number(substring(code, 2))          // the reference ranks equals by their codes
    place          = rank(0 - nth, within earned)
    ahead          = share_ahead(earned) + share(earned) * (place - 1)
    cum_share      = ahead + share(earned)
    abc            = if ahead < 80% then 'A' else if ahead < 95% then 'B' else 'C'
    r              = classes(nth - 10000000 * quiet, 5, 'ntile')
    f              = classes(nth + 10000000 * orders12, 5, 'ntile')
    m              = classes(nth + 10000000000 * rev12, 5, 'ntile')
  ]],
  run = function(book)
    book.all:show "code, rev12, profit12, orders12, quiet, slope12, prev12, cum_share, abc, r, f, m"
  end,
}
