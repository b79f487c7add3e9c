-- `pareto test executive-visits`
return tests "executive-visits" {
  as_of = "2026-11-01",

  decide "executives" [[
    decision_role | account.tier || who        | because
    decider       | A            || director   |
    decider       | B            || sales head |
    influencer    | B            || sales head |
    influencer    | A            || -          | the director sees who decides
    buyer         | A            || -          |
  ]],
}
