-- S0, S1, S2: regular visits by tier, executives quarterly, holidays with make-up Saturdays,
-- and capacity proved before a single visit is planned.
return playbook {
  name   = "visit-plan",
  title  = "Visit plan for four weeks  拜访计划",
  about  = "Who sees whom, on which day, by which road; why somebody is not seen, and what would change that. Capacity is proved first.",
  tags   = { "visits" },
  scope  = "status = 'active' and owner is known",
  uses   = { "kam", "calendar" },                       -- holidays are a table of the database
  writes = { "visit" },
  args = [[
    from  : date     = next_monday(as_of)
    weeks : count    = 4
    a_day : count    = 5        // visits a manager can make a day
    froze : duration = 1w       // this near, nothing moves
    effort : count   = 200      // steps of the search for each visit asked
    only  : filter   = true     // --set only="region = '广东'"
  ]],
  metrics = [[
    unseen : d = days_since(visits[status = 'done'])      // never visited is `never`, longer than any time
    urgent     = churn_risk >= red or any(complaints[status = 'open' and age > 7d]) or any(quotes[expires between from and from + 4w])
    pain       = any(needs[state = 'pain'])
    worth  : ¥ = default(churn_risk, 30%) * max(default(next_year, 0), 0)   // lost if not seen
  ]],
  tables = {
    visit_cadence = [[                                       // `?` = when it is unknown, go on to the next row
      first   | tier | urgent? | pain?  || per      | no_sooner | no_later | takes
              | A    | true    | -      || 3 per 1w | 1d        | 3d       | 60min
              | A    | -       | -      || 1 per 1w | 4d        | 10d      | 60min
              | B    | true    | -      || 1 per 1w | 4d        | 8d       | 45min
              | B    | -       | -      || 2 per 4w | 10d       | 21d      | 45min
              | C    | -       | -      || 1 per 4w | 21d       | 45d      | 30min
              | D    | -       | true   || 1 per 4w | 21d       | 60d      | 30min
              | D    | -       | -      || 1 per 1q | 60d       | 120d     | by phone
      unknown |      |         |        || 1 per 1q | 60d       | 120d     | by phone
    ]],
    executives = { of = "contact", [[
      first | decision_role      | account.tier || who         | per      | bound_to
            | decider            | A            || director    | 1 per 1q | account visit
            | decider, influencer| B            || sales head  | 2 per 1y | account visit
            | -                  | -            ||             |          |
    ]] },
  },
  run = function(book)
    local due = book.all:where(book.args.only):decide "visit_cadence"

    local room = visits.capacity { of = due, from = book.args.from, weeks = book.args.weeks, a_day = book.args.a_day }
    book:show("Needed and possible", room:group("owner.region, tier", "sum(needed), sum(possible), sum(over)"))

    local plan = visits.plan {
      accounts   = due,
      contacts   = contacts "account.status = 'active' and known(account.owner) and active":decide "executives",
      from       = book.args.from,  weeks = book.args.weeks,  a_day = book.args.a_day,
      frozen     = book.args.froze,
      lose_least = "worth",                              -- a metric by name, not a function
      keep       = visits "status = 'planned'",
      effort     = book.args.effort,
    }
    book:show("Team load", plan:calendar "owner × day")
    book:show("Not planned, and why", plan.left_out:sort "-worth", "code, name, owner.name, reason, best_day, remedy, command")
    book:send(plan:ics "owner")                          -- one file a manager, after commit
  end,
}
