-- `pareto test kam`: the score on given parts (true = all points, 0..1 = that part, null = not known), and the cadence.
return tests "kam" {
  as_of = "2026-11-01",

  decide "churn_risk" [[
    silence | slide | season | complaint | wallet | unvisited | champion || churn_risk | because
    0       | 0     | 0      | false     | false  | false     | false    || 0%         | nothing fires
    1       | 1     | 1      | true      | true   | true      | true     || 100%       | everything does
    1       | 0     | 0      | false     | false  | false     | false    || 25%        | 25 of 100 points
    0.5     | 0.2   | 0      | true      | false  | true      | false    || 41.5%      | 12.5 + 4 + 15 + 10 of 100
    1       | 1     | 1      | true      | null   | true      | false    || 0.888888888889 | an unknown wallet is left out, not counted as fine
    1       | null  | null   | false     | null   | false     | false    || 0.416666666667 | 60 % known is enough
    1       | null  | null   | false     | null   | false     | null     || null       | 50 % known is not
    1.5     | -3    | 0      | false     | false  | false     | false    || 25%        | a part is held to 0..1
    null    | null  | null   | null      | null   | null      | null     || null       |
  ]],

  decide "cadence" [[
    tier || cadence | because
    A    || 7       | a week, in days
    D    || 92      | August, September, October
    null || -       |
  ]],
}
