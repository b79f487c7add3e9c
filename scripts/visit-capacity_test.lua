-- `pareto test visit-capacity`
return tests "visit-capacity" {
  as_of = "2026-11-01",

  decide "wanted" [[
    tier || per      | because
    B    || 2 per 4w |
    C    || 1 per 4w |
    D    || 1 per 1q | by phone
    -    || 1 per 1q | nobody has set a tier: by phone until somebody does
  ]],
}
