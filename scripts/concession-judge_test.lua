-- `pareto test concession-judge`. Figures are worked out by hand beside the cases.
return tests "concession-judge" {
  as_of = "2026-10-25",

  decide "authority" [[
    区域 | 客户级别 | 产品线   | 成交额 | 优惠深度 | 让利额 || 审批人   | because
    江苏 | A        | ['软件'] | 300万  | 12%      | 36万   || 省       |
    上海 | A        | ['软件'] | 300万  | 12%      | 36万   || 总部     |
    上海 | A        | ['软件'] | 300万  | 19%      | 57万   || 拒绝     | no row is no authority
    上海 | B        | ['硬件', '服务'] | 100万 | 8%      | 8万    || 地市     | every line must be of the list
    上海 | B        | ['硬件', '软件'] | 100万 | 8%      | 8万    || 省       |
    上海 | C        | 硬件     | 10万   | 2%       | 1000   || 客户经理 | one line alone
    上海 | A        | ['软件'] | null   | 1%       | 10     || 拒绝     | what is not known earns nothing
  ]],

  decide "give_get" [[
    room | returned | account.tier || ask
    16%  | false    | B            || prepayment, or a larger quantity
    16%  | false    | A            || a reference, or a framework agreement for a year
    16%  | true     | A            || nothing
    15%  | false    | A            || nothing
  ]],

  -- A competitor's price is met, not undercut, and only where it is shown and has not run out.
  case "met where it is shown" {
    given = {
      account   = [[
        code | region | tier
        C1   | 上海   | A
        C2   | 上海   | A
        C3   | 上海   | A
        C4   | 上海   | A
      ]],
      staff     = [[
        code | level    | region
        S1   | 客户经理 | 上海
      ]],
      authority = [[
        level    | max_percent | from_day
        客户经理 | 10%         | 2026-01-01
      ]],
      product   = [[
        code | line
        P1   | 硬件
      ]],
      cost      = [[
        product | unit_cost | from_day
        P1      | 50        | 2026-10-01
      ]],
      competitor = [[
        account | name | product | price | evidence        | day        | expires
        C1      | 甲   | P1      | 98.00 | their offer     | 2026-10-01 |
        C2      | 甲   | P1      | 98.00 | their offer     | 2026-10-01 |
        C3      | 甲   | P1      | 98.00 |                 | 2026-10-01 |
        C4      | 甲   | P1      | 98.00 | their old offer | 2026-10-01 | 2026-10-20
      ]],
      quote     = [[
        code | account | requester | status    | requested_on | reason
        Q1   | C1      | S1        | requested | 2026-10-20   | competitor
        Q2   | C2      | S1        | requested | 2026-10-20   | competitor
        Q3   | C3      | S1        | requested | 2026-10-20   | competitor
        Q4   | C4      | S1        | requested | 2026-10-20   | competitor
      ]],
      quote_line = [[
        quote | product | qty | list_price | net_price | unit_cost | freight
        Q1    | P1      | 10  | 100.00     | 98.00     | 50.00 | 0
        Q2    | P1      | 10  | 100.00     | 97.99     | 50.00 | 0
        Q3    | P1      | 10  | 100.00     | 98.00     | 50.00 | 0
        Q4    | P1      | 10  | 100.00     | 98.00     | 50.00 | 0
      ]],
      offer     = [[
        account | quote | kind     | made
        C1      | Q1    | training | 2026-10-12
        C2      | Q2    | training | 2026-10-12
        C3      | Q3    | training | 2026-10-12
        C4      | Q4    | training | 2026-10-12
      ]],
    },
    expect = { changed = [[
      code | verdict
      Q1   | grant
      Q2   | offer-first
      Q3   | offer-first
      Q4   | offer-first
    ]] },
  },

  -- Two requests of 1,000.00 at list, 3 % off: each is within 3 % alone, and both together; a third of another account is
  -- below its cost of 980.00.
  case "granted within the own authority, refused below cost, escalated beyond what the database holds" {
    given = {
      account   = [[
        code | name | region | tier
        C1   | 华东 | 上海   | A
        C2   | 金石 | 上海   | A
        C3   | 长河 | 上海   | A
      ]],
      staff     = [[
        code | name | level    | region
        S1   | 李敏 | 客户经理 | 上海
        S2   | 王总 | 地市     | 上海
      ]],
      authority = [[
        level    | max_percent | max_amount | from_day
        客户经理 | 3%          | ¥ 10,000   | 2026-01-01
        地市     | 8%          | 10万       | 2026-01-01
      ]],
      product   = [[
        code | line
        P1   | 硬件
      ]],
      cost      = [[
        product | unit_cost  | from_day
        P1      | ¥ 80.00    | 2026-10-01
      ]],
      quote     = [[
        code | account | requester | status    | requested_on
        Q1   | C1      | S1        | requested | 2026-10-20
        Q2   | C1      | S1        | requested | 2026-10-20
        Q3   | C2      | S1        | requested | 2026-10-20
        Q4   | C3      | S1        | requested | 2026-10-20
      ]],
      quote_line = [[
        quote | product | qty | list_price | net_price | unit_cost | freight
        Q1    | P1      | 10  | ¥ 100.00   | 97.00     | 80.00 | 0
        Q2    | P1      | 10  | 100.00     | 97.00     | 80.00 | 0
        Q3    | P1      | 10  | 1,100.00   | 979.99    | 980.00 | 0
        Q4    | P1      | 10  | 100.00     | 95.00     | 80.00 | 0
      ]],
      offer     = [[
        account | quote | kind     | made
        C1      | Q1    | training | 2026-10-12
        C1      | Q2    | training | 2026-10-12
        C2      | Q3    | training | 2026-10-12
        C3      | Q4    | training | 2026-10-12
      ]],
    },
    expect = { changed = [[
      code | verdict  | status
      Q1   | grant    | approved
      Q2   | grant    | approved
      Q3   | refuse   | refused
      Q4   | escalate | judged
    ]] },
  },
}
