-- Early warning with named drivers, value at risk, and an honest backtest.
-- The score itself stands in the rulebook kam (pareto help kam), so that prices, visits and maps can lean on it too.
return playbook {
  name   = "churn-warning",
  title  = "Churn early warning  流失预警",
  about  = [[Lists accounts above the cut with what is at stake, why, and who acts. A driver that is
    unknown is left out, never counted as fine, and the share of drivers known is shown.]],
  tags   = { "risk", "weekly" },
  scope  = "status = 'active' and tier in ('A', 'B', 'C')",
  uses   = { "kam" },
  writes = { "account.risk_grade", "task" },
  fields = [[ risk_grade : ranked red, amber, green, unknown ]],
  args = [[
    watch = 35%      // … amber; red is the company's, kam.red
    again = 14d      // no second task for the same account within
  ]],
  tables = { risk_grade = [[
    first   | churn_risk   | at_risk || risk_grade | act
            | >= red       | >= 50万 || red        | visit this week; retention offer if it pays
            | >= red       | -       || red        | call this week
            | [watch..red) | -       || amber      | talk of it at the next visit
            | < watch      | -       || green      | -
    unknown |              |         || unknown    | only {churn_risk.known:%} of the drivers known: mend the file
  ]] },
  backtest = [[                                       // `pareto backtest churn-warning`
    predict = churn_risk >= red
    outcome = sum(revenue, 6m) < 20% * ago(sum(revenue, 6m), 6m)   // read one horizon later
    horizon = 6m
    since   = 2024-01-01
    every   = 1m
  ]],
  run = function(book)
    local all = book.all:decide "risk_grade"
    local red = all:where "risk_grade = 'red'":sort "-at_risk"

    red:where "not(any(tasks[kind = 'churn' and created > as_of - again]))":each(function(a)
      task { kind = "churn", account = a, owner = a.owner, due = "7d",
             title = a:say "{name}: risk {churn_risk:%}, {at_risk:万} at stake",
             text  = a:say "{churn_risk.drivers}" }
    end)

    book:show("Red", red, "code, name, owner.name, churn_risk:%, at_risk:万, churn_risk.top(3) as drivers, act")
    book:show("By manager", red:group("owner.name", "count, sum(at_risk):万"):sort "-sum(at_risk)")
    book:show("Satisfied but declining", all:where "satisfaction >= 4 and slide < -20%",
              "code, name, satisfaction, slide:%, churn_risk:%")
  end,
}
