-- `pareto test concession-review`.
return tests "concession-review" {
  as_of = "2026-11-01",

  decide "precedent" [[
    place || because
    1     || the first exception
    3     || third such exception this quarter
    5     || a rule by now
  ]],

  -- The freight of Q2 is not known, and Q3 has no cost: they are reviewed all the same, and no margin is made up for them.
  case "what is not known of one quote takes the others out of no review" {
    given = {
      account    = [[
        code | name
        C1   | 华东
      ]],
      staff      = [[
        code | name | level
        S1   | 李敏 | 地市
      ]],
      product    = [[
        code | line
        P1   | 硬件
      ]],
      quote      = [[
        code | account | requester | status | requested_on | decided    | exception | freight
        Q1   | C1      | S1        | past   | 2026-10-01   | 2026-10-05 | price-war | 3
        Q2   | C1      | S1        | past   | 2026-10-02   | 2026-10-06 | price-war |
        Q3   | C1      | S1        | past   | 2026-10-03   | 2026-10-07 | price-war | 0
      ]],
      quote_line = [[
        quote | product | qty | list_price | net_price | unit_cost
        Q1    | P1      | 10  | 100.00     | 90.00     | 50.00
        Q2    | P1      | 10  | 100.00     | 90.00     | 50.00
        Q3    | P1      | 10  | 100.00     | 90.00     |
      ]],
    },
    expect = {
      untouched = "Q1",
    },
  },
}
