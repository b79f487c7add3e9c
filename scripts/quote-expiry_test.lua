-- `pareto test quote-expiry`.
return tests "quote-expiry" {
  as_of = "2026-11-02",

  decide "end_of_life" [[
    status    | expires    | reopened | waited || next      | because
    approved  | 2026-11-02 | false    | 20d    || expired   | lapsed on the day itself
    approved  | 2026-11-01 | true     | 20d    || expired   | what lapsed is not asked again by itself
    approved  | 2026-12-01 | true     | 20d    || requested | something its judgement read has changed
    approved  | 2026-11-09 | false    | 20d    || warned    | a week ahead
    approved  | 2026-11-10 | false    | 20d    || stays     |
    requested | null       | false    | 61d    || expired   | nobody decided in sixty days
    requested | null       | false    | 60d    || stays     |
    approved  | null       | false    | 20d    || stays     | an approval whose end is not known is left to a person
  ]],
}
