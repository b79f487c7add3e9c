-- S0, S1, S2: three visits a week at every key account is what all sources ask for. Before anybody is sent, the
-- arithmetic: what each manager could make at most, whatever the roads, against what the cadence asks.
return playbook {
  name   = "visit-capacity",
  title  = "Visits: needed against possible  拜访能力",
  about  = "How many visits the cadence asks of each manager and tier, how many there is time for at most, and what would fit.",
  tags   = { "visits" },
  scope  = "status = 'active' and owner is known",
  uses   = { "calendar" },
  args = [[
    from  : date  = next_monday(as_of)
    weeks : count = 4
    a_day : count = 5            // visits a manager can make a day
    often : text  = "3 per 1w"   // at A: what the sources ask for
  ]],
  tables = {
    wanted = [[
      first   | tier || per       | no_sooner | takes
              | A    || {often}   | 1d        | 60min
              | B    || 2 per 4w  | 4d        | 45min
              | C    || 1 per 4w  | 10d       | 30min
              | D    || 1 per 1q  | 30d       | by phone
      unknown |      || 1 per 1q  | 30d       | by phone
    ]],
  },
  run = function(book)
    local room = visits.capacity {
      of = book.all:decide "wanted", from = book.args.from, weeks = book.args.weeks, a_day = book.args.a_day,
    }
    book:show("By tier", room:group("tier", "sum(accounts), sum(needed), sum(possible), sum(over)"))
    book:show("By region and tier", room:group("owner.region, tier", "sum(needed), sum(possible), sum(over)"))
    book:show("Who cannot do what is asked", room:sort "-over, owner, tier",
      "owner, owner.name, owner.region, tier, accounts, needed, possible, over, fits_each")
  end,
}
