-- What was given away, by whom, how deep, and whether it creeps. Reads only; `pareto whatif concession-review --table
-- authority=other.csv` holds another policy against the same quotes.
return playbook {
  name   = "concession-review",
  title  = "Review of price concessions  优惠回顾",
  of     = "quote",
  scope  = "status in ('approved', 'granted', 'won', 'expired', 'past') and decided within over and list_value > 0 and known(given_away)",
  uses   = { "prices" },
  args = [[
    over   = 12m         // quotes decided in the year before as-of
    half   = 6m          // what is set against the time before it
    odd    = 3           // standard deviations off the mean of its product line: an outlier
    creep  = 2%          // deeper by this much than half a year before is creep
    most   = 20          // rows of a list
  ]],
  metrics = [[
    depth    : % = given_away / list_value
    优惠深度 : % = depth
    让利额   : ¥ = given_away
    成交额   : ¥ = list_value
    区域         = account.region
    客户级别     = account.tier
    产品线       = distinct(lines.product.line)
    sold         = if count(lines) > 0 then lines.product.code[1] else product.code
    line         = default(if count(lines) > 0 then lines.product.line[1] else product.line, sold)   // without a line, the product
    manager      = default(requester.name, requester.code)
    customer     = default(account.name, account.code)
    month        = string(year(decided)) + "-" + (if month(decided) < 10 then "0" else "") + string(month(decided))
    quarter      = string(year(decided)) + "Q" + string(floor((month(decided) + 2) / 3))
    late         = decided >= as_of - half
    list_late  : ¥ = if late then list_value else 0
    given_late : ¥ = if late then given_away else 0
    list_early : ¥ = list_value - list_late
    given_early: ¥ = given_away - given_late
    odds         = zscore(depth, within line)
    odd_one      = known(odds) and abs(odds) > odd
    // The place of an exception among those of its code in its quarter, in the order they were decided.
    same         = quotes[exception = this.exception and decided <= this.decided and year(decided) = year(this.decided) and
                     floor((month(decided) + 2) / 3) = floor((month(this.decided) + 2) / 3)]
    place        = if known(exception) then count(same) else null
    margin   : ¥ = pocket_price - cost_amount
    // Summed over those whose freight, costs and terms are all known; `costed` says how many those are.
    counts       = if known(margin) then 1 else 0
    counted  : ¥ = if known(margin) then margin else 0
  ]],
  tables = {
    authority = "tables/authority.csv",
    precedent = [[
      first   | place || because
              | 1     || the first exception {exception} in {quarter}
              | 2     || the second exception {exception} in {quarter}
              | 3     || the third such exception this quarter ({exception}, {quarter})
              | -     || the {place}th such exception this quarter ({exception}, {quarter}): a rule by now
      unknown |       ||
    ]],
  },
  run = function(book)
    local all = book.all:decide "authority"
    local rest = #quotes:where("status in ['approved', 'granted', 'won', 'expired', 'past'] and decided within over") - #all
    local function table_of(title, by)
      book:show(title, all:group(by, "count, sum(list_value) as list, sum(given_away) as given, sum(given_away) / sum(list_value):% as depth, " ..
                "sum(counts) as costed, (if sum(counts) > 0 then sum(counted) else null) as margin"))
    end
    table_of("By manager", "manager")
    table_of("By the level that suffices today", "审批人 as level")
    table_of("By level of who asked", "requester.level as level")
    local lines = quote_lines:where("quote.status in ['approved', 'granted', 'won', 'expired', 'past'] and quote.decided within over")
    if #lines > 0 then                               -- what is given on the whole of a quote is in no line's price
      local priced, costed = "known(list_price * qty) and known(net_price * qty)", "known(pocket - cost_amount)"
      local function sums(when, what) return ("sum(if %s then %s else 0)"):format(when, what) end
      local list, given = sums(priced, "list_price * qty"), sums(priced, "(list_price - net_price) * qty")
      local function known(when, what) return ("(if %s > 0 then %s else null)"):format(sums(when, "1"), what) end
      book:show("By product", lines:group("product.line as line, product.code as product",
                "count, " .. sums(priced, "1") .. " as priced, " .. known(priced, list) .. " as list, " .. known(priced, given) .. " as given, " ..
                known(priced, given .. " / " .. list) .. ":% as depth, " ..
                sums(costed, "1") .. " as costed, " .. known(costed, sums(costed, "pocket - cost_amount")) .. " as margin"))
    end
    local plain = all:where "count(lines) = 0"
    if #plain > 0 then
      book:show("By product, quotes without lines", plain:group("product.line as line, product.code as product",
                "count, sum(list_value) as list, sum(given_away) as given, sum(given_away) / sum(list_value):% as depth"))
    end
    table_of("By month", "month")
    book:show("Accounts that were given most", all:group("customer", "count, sum(list_value) as list, sum(given_away) as given, sum(given_away) / sum(list_value):% as depth"):top(book.args.most, "given"))
    book:show("Deeper than half a year before", all:group("manager",
              "count, sum(given_early) / sum(list_early):% as before, sum(given_late) / sum(list_late):% as now, " ..
              "(if sum(given_late) / sum(list_late) > sum(given_early) / sum(list_early) + creep then 'creeps' else '') as verdict"))
    book:show("Did their volume answer to price?", all:group("account.code as account",
              "count, first(account.orders_seen) as orders_seen, " ..
              "first(account.sensitivity):.1 as elasticity, first(account.answers) as answers"):top(book.args.most, "orders_seen"))
    local exceptions = all:where "known(exception)":decide "precedent"
    if #exceptions > 0 then
      book:show("Exceptions", exceptions:sort "decided, code", "code, customer, exception, exception_by.name, exception_until, depth:%, because")
    end
    local outliers = all:where "odd_one":top(book.args.most, "abs(odds)")
    book:show("Far from the usual of their product line", outliers, "code, customer, manager, line, depth:%, odds:.1")
    if rest > 0 then book:note(("%d more were decided, whose list price or price asked is not known: they are in no table but By product."):format(rest)) end
  end,
}
