-- `pareto test churn-warning`. Figures are worked out by hand beside the cases.
return tests "churn-warning" {
  as_of = "2026-11-01",

  decide "risk_grade" [[
    churn_risk | at_risk || risk_grade | act                                          | because
    60%        | 50万    || red        | visit this week; retention offer if it pays  |
    60%        | 49万    || red        | call this week                               |
    60%        | null    || unknown    | -                                            | what is at stake is not known: row 1 is undecided, and stops
    59.9%      | 50万    || amber      | talk of it at the next visit                 |
    35%        | 0       || amber      | talk of it at the next visit                 |
    34.9%      | 900万   || green      | -                                            |
    null       | 50万    || unknown    | -                                            | an unknown risk is no small risk
  ]],

  -- An order a month keeps silence at 0; nobody visits them and no supporter is known: 20 of the 90 points that are
  -- known without a wallet.
  case "who buys half is amber, who also waits for an answer is red" {
    given = {
      account = [[
        code | name     | status | tier
        C1   | 华东仪表 | active | A
        C2   | 金石电气 | active | A
        C3   | 长河能源 | active | B
        C4   | 老客户   | closed | A
      ]],
      complaint = [[
        code | account | opened     | status
        T1   | C3      | 2026-10-12 | open
        T2   | C2      | 2026-10-12 | closed
      ]],
      monthly = [[
        revenue C1  100 x36
        profit  C1   10 x36
        revenue C2  100 x33 50 x3
        profit  C2   10 x36
        revenue C3  200000 x33 100000 x3
        profit  C3  100000 x36
      ]],
    },
    expect = {
      changed = [[
        code | risk_grade | was
        C1   | green      |
        C2   | amber      |
        C3   | red        |
      ]],
      -- C2: slide -50 % gives 20, season -50 % gives 10, and 20: 50 of 90. C3: and a complaint open 20 days, 15: 65 of 90;
      -- at risk 65/90 of the 1,200,000 that the next year would bring.
      values = [[
        code | round(churn_risk, 4) | round(at_risk, 0) | churn_risk.known | churn_risk.top(1)[1] | count(tasks)
        C1   | 0.2222               | 27                | 90%              | unvisited         | 0
        C2   | 0.5556               | 67                | 90%              | slide             | 0
        C3   | 0.7222               | 866667            | 90%              | slide             | 1
      ]],
      untouched = "C4",
    },
  },

  case "nobody gets a second task within two weeks" {
    given = {
      account = [[
        code | name | status | tier
        C1   | 甲   | active | A
      ]],
      complaint = [[
        code | account | opened     | status
        T1   | C1      | 2026-10-12 | open
      ]],
      task = [[
        kind  | account | created    | due        | title
        churn | C1      | 2026-10-20 | 2026-10-27 | call
      ]],
      monthly = [[
        revenue C1  100 x33 10 x3
        profit  C1  10 x36
      ]],
    },
    expect = {
      changed = [[
        code | risk_grade
        C1   | red
      ]],
      values = [[
        code | count(tasks)
        C1   | 1
      ]],
    },
  },

  property "everyone is graded" { accounts = "random 2000", holds = "risk_grade is known" },
}
