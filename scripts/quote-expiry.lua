-- What is approved lapses, or has to be approved again when something its judgement read has changed since. Later
-- rules, and costs and prices of later days, change nothing in it: it was granted under those of its day.
return playbook {
  name   = "quote-expiry",
  title  = "Approvals that lapse, or have to be given again  优惠到期与复审",
  of     = "quote",
  scope  = "status in ('approved', 'granted', 'requested', 'judged')",
  writes = { "quote.status", "quote.verdict", "quote.审批人", "quote.expires", "task" },
  args = [[
    patience = 60d       // a request nobody has decided lapses after
    warn     = 7d        // and whoever asked is told this long before an approval does
  ]],
  metrics = [[
    waited : d = days_since(requested_on)
    reopened   = known(changed_since)
  ]],
  tables = {
    end_of_life = [[         // the first that holds
      first | status            | expires        | reopened | waited     || next      | because
            | approved, granted | <= {as_of}     | -        | -          || expired   | lapsed on {expires}
            | approved, granted | -              | true     | -          || requested | changed since: {changed_since}
            | approved, granted | <= {as_of+warn} | -       | -          || warned    | lapses on {expires}
            | requested, judged | -              | -        | > patience || expired   | asked {waited:d} ago, never decided
            | -                 | -              | -        | -          || stays     |
      unknown |                 |                |          |            || stays     | {missing} is not known
    ]],
  },
  run = function(book)
    local all = book.all:decide "end_of_life"
    local again = all:where "next = 'requested'"
    again:put("verdict", null):put("status", "requested"):put("审批人", null):put("expires", null)
    all:where "next = 'expired'":put("status", "expired")
    all:where "next in ['requested', 'warned']":each(function(q)
      task { kind = "price", account = q.account, owner = q.requester, due = "2 workdays", title = q:say "{code}: {because}" }
    end)
    book:show("What becomes of them", all:where "next != 'stays'":sort "next, code", "code, account.name, requester.name, next, because")
  end,
}
