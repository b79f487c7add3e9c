-- A discount for accounts that are about to leave: once a period, ending on a day, after something other than price was
-- offered, and only where it pays. Both sums are shown for every account it was thought of for.
return playbook {
  name   = "retention-offer",
  title  = "Retention offers  挽留优惠",
  uses   = { "kam", "prices" },
  scope  = "status = 'active'",
  writes = { "offer", "task" },
  guards = { max_changes = 500 },
  args = [[
    save     = 40%       // share of leavers that an offer keeps; from the last retention review
    cooldown = 6m        // one offer per account in
    good_for = 30d       // an offer holds for
    before   = 60d       // something other than price must have been offered within
    least    = 5000      // an offer that wins less than this is not worth the talk
  ]],
  metrics = [[
    risk     : % = churn_risk
    sales    : ¥ = forecast(revenue, 12m)
    given    : ¥ = sales * discount
    before_m : ¥ = (1 - risk) * next_year
    after_m  : ¥ = (1 - risk * (1 - save)) * (next_year - given)
    wins     : ¥ = after_m - before_m
    last_save: d = min(days_since(offers[kind = 'retention']), days_since(concessions[kind = 'retention']))
    softened     = count(offers[kind != 'price' and kind != 'retention' and made >= as_of - before])
  ]],
  tables = {
    depth = [[               // what it costs: more for those who answer to price, nothing for those who do not
      first | answers     | tier || discount
            | insensitive | -    || 0%
            | sensitive   | A    || 6%
            | sensitive   | -    || 4%
            | -           | A    || 3%
            | -           | -    || 2%
    ]],
    retention = [[
      first   | risk   | answers     | next_year | last_save   | softened | wins       || retention   | because
              | < red  | -           | -         | -           | -        | -          || none        | risk {risk:%} is below {red:%}
              | -      | insensitive | -         | -           | -        | -          || other       | does not answer to price: service, visits, training
              | -      | -           | <= 0      | -           | -        | -          || none        | earns nothing next year: {next_year:万}
              | -      | -           | -         | < cooldown  | -        | -          || wait        | offered {last_save:d} ago, once in {cooldown}
              | -      | -           | -         | -           | 0        | -          || offer-first | nothing but price was offered in {before}
              | -      | -           | -         | -           | -        | <= least   || no          | costs more than it saves: {after_m:万} with it, {before_m:万} without
              | -      | -           | -         | -           | -        | -          || pays        | {after_m:万} expected with it, {before_m:万} without
      unknown |        |             |           |             |          |            || unknown     | {missing} is not known
    ]],
  },
  run = function(book)
    local all = book.all:decide "retention"
    local pays = all:where "retention = 'pays'":sort "-wins, code"
    pays:each(function(a)
      offer { account = a, kind = "retention", made = "0d", text = a:say "{discount:%} off until {as_of + good_for}; {because}" }
      task { kind = "retention", account = a, owner = a.owner, due = "2 workdays", title = a:say "{name}: retention offer {discount:%}", text = a:say "{because}" }
    end)
    book:show("Offers", pays, "code, name, owner.name, risk:%, discount:%, given:万, before_m:万, after_m:万, wins:万")
    book:show("Decided", all:group("retention", "count, sum(next_year):万 as next_year, sum(wins):万 as wins"))
    book:show("Not offered, at risk", all:where "risk >= red and retention != 'pays'":top(20, "next_year"), "code, name, risk:%, retention, because")
  end,
}
