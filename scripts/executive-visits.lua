-- S1, S2: leaders meet leaders. Who decides at a large account is seen by one of our executives once a quarter, on a
-- day on which the account's own manager is there, so that nobody comes alone and nothing is said twice.
return playbook {
  name   = "executive-visits",
  title  = "Executives to executives  高层互访",
  about  = "Visits of our executives to those who decide, bound to visits that are planned or come along; who has not been met for long.",
  tags   = { "visits" },
  scope  = "status = 'active' and owner is known and tier in ('A', 'B')",
  uses   = { "calendar" },
  writes = { "visit" },
  args = [[
    from   : date     = next_monday(as_of)
    weeks  : count    = 4
    froze  : duration = 1w      // this near, nothing moves
    long   : duration = 90d     // not met for so long is too long
    effort : count    = 200     // steps of the search for each visit asked
  ]],
  tables = {
    executives = { of = "contact", [[
      first | decision_role       | account.tier || who        | per      | takes | bound_to
            | decider             | A            || director   | 1 per 1q | 60min | account visit
            | decider, influencer | B            || sales head | 2 per 1y | 60min | account visit
            | -                   | -            ||            |          |       |
    ]] },
  },
  run = function(book)
    local people = contacts "account.status = 'active' and known(account.owner) and active and decision_role in ('decider', 'influencer') and account.tier in ('A', 'B')"
    local plan = visits.plan {
      contacts = people:decide "executives",
      from     = book.args.from,  weeks = book.args.weeks,  frozen = book.args.froze,
      keep     = visits "status = 'planned'",
      effort   = book.args.effort,
    }
    book:show("Deciders not met for long", people:where "decision_role = 'decider' and (met = null or as_of - met > long)":sort "met",
      "code, account.name as account, account.tier as tier, account.owner.name as owner, met")
    book:show("Executives' days", plan:calendar "owner × day")
    book:show("Not planned, and why", plan.left_out:sort "code", "code, name, owner.name, reason, best_day, remedy, command")
    book:send(plan:ics "owner")
  end,
}
