-- `pareto test visit-plan`
return tests "visit-plan" {
  as_of = "2026-11-01",

  decide "visit_cadence" [[
    tier | urgent | pain  || per      | because
    A    | true   | -     || 3 per 1w |
    A    | false  | -     || 1 per 1w |
    A    | -      | -     || 1 per 1w | nobody knows whether it is urgent: the next row
    B    | false  | true  || 2 per 4w |
    C    | -      | -     || 1 per 4w |
    D    | false  | true  || 1 per 4w | a need that hurts brings even a small one onto the road
    D    | false  | false || 1 per 1q | by phone
  ]],
}
