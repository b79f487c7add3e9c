-- S0: four profit types, P1-P3, valid key accounts.
return playbook {
  name   = "profit-types",
  title  = "Profit types and valid key accounts  盈利类型与有效大客户",
  about  = [[Sorts active accounts by what they earn us; P1 and P2 are the valid key accounts.
    P3 (still profitable, losing value) is judged first, as S0 asks. Nobody is left out: who has
    no figure or fits no row is "unclear" and listed for a person.]],
  tags   = { "segment", "monthly" },
  scope  = "status = 'active'",
  publish = { "earned", "margin", "drift" },
  writes = { "account.profit_type", "segment:valid-key" },
  fields = [[
    profit_type : one of P1, P2, P3, moderate, break-even, unprofitable, unclear   // 盈利类型
  ]],
  args = [[
    window = 12m     // how far back profit counts
    good   = 15%     // margin from which an account is profitable 盈利型
    carry  = 80%     // share of all profit that P1 carries together
    fade   = 1%      // monthly fall, of the average month, that counts as losing value
    rise   = 10%     // growth on the year before that makes P2
  ]],
  metrics = [[
    earned : ¥ = sum(profit, window)                         // profit after cost to serve
    margin : % = earned / sum(revenue, window)               // null when nothing was sold
    drift  : % = trend(profit, window, month)                // slope ÷ mean month
    ahead  : % = share_ahead(earned, among earned > 0)       // profit held by those ranked above
    growth : % = yoy(earned)
  ]],
  tables = { profit_type = [[
    first   | margin     | drift   | ahead   | growth  || profit_type  | why
            | > good     | < -fade | -       | -       || P3           | earns {margin:%}, but falls {drift:%} a month
            | > good     | -       | < carry | -       || P1           | among those who carry {carry:%} of all profit
            | > good     | -       | -       | >= rise || P2           | earns {margin:%}, grew {growth:%}
            | > good     | -       | -       | -       || unclear      | earns {margin:%}, neither large nor growing: a person decides
            | (5%..good] | -       | -       | -       || moderate     | margin {margin:%}
            | [-1%..5%]  | -       | -       | -       || break-even   | margin {margin:%}
            | < -1%      | -       | -       | -       || unprofitable | margin {margin:%}
    unknown |            |         |         |         || unclear      | no {missing} in the last {window}
  ]] },
  run = function(book)
    local all   = book.all:decide "profit_type"
    local moved = segment("valid-key"):becomes(all:where "profit_type in ('P1', 'P2')")

    book:show("Types", all:group("profit_type", "count, share(count):%, sum(earned):万, mean(margin):%"))
    book:show("Taken out of the valid key accounts", moved.left:sort "-earned",
              "code, name, ago(profit_type, 1m) as was, profit_type as now, why, owner.name")
    book:show("For a person to decide", all:where "profit_type = 'unclear'", "code, name, earned:万, why")
  end,
}
--[[ sample
Types · 19,204 active accounts · as of 2026-11-01
profit_type    count  share   earned, 万  margin
P1             1,842   9.6%     48,213.5   22.4%
P2             2,310  12.0%      6,020.1   19.8%
P3               611   3.2%      3,377.0   18.1%
moderate       7,455  38.8%      2,904.6    9.7%
break-even     4,873  25.4%        310.2    1.6%
unprofitable   1,502   7.8%       -866.9   -9.3%
unclear          611   3.2%        402.2      –     398 no margin (nothing sold), 213 neither large nor growing
]]
