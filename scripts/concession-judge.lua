-- Never below cost; non-price first; authority by level; retention only where it pays.
-- Judged row by row of `verdict`; each earlier row that let the quote pass is part of the answer.
return playbook {
  name   = "concession-judge",
  title  = "Judge price requests  价格优惠审批",
  of     = "quote",
  scope  = "status = 'requested'",
  uses   = { "kam", "prices" },                                 -- churn_risk, pocket price, sensitivity
  writes = { "quote.verdict", "quote.审批人", "quote.expires", "quote.decided", "quote.status", "quote.relies_on",
             "signature", "signature.answer", "task" },
  fields = [[
    quote.verdict  : ranked grant, escalate, offer-first, refuse
    quote.审批人  : ranked 总部, 省, 地市, 客户经理, 拒绝     // first is highest
    quote.expires  : date
  ]],
  args = [[
    thin     = 8%        // pocket margin policy floor, above cost
    fresh    = 90d       // a cost older than this is no cost
    split    = 30d       // requests of one account within this count as one
    cooldown = 6m        // one retention offer per account in
    save     = 40%       // share of leavers that an offer keeps; from the last retention review
    good_for = 30d       // an approval lapses after
    free     = 15%       // up to here nothing is asked in return
  ]],
  metrics = [[
    asked    : ¥ = sum(lines.net_price * lines.qty)
    // What was granted lately, and every request that is open: twenty small ones on one day are one.
    recent       = account.quotes[(verdict = 'grant' or status = 'approved') and decided >= as_of - split or
                       status in ('requested', 'judged')]
    others       = recent[code != this.code]
    成交额   : ¥ = if count(others) = 0 then list_value else list_value + sum(others.list_value)
    让利额   : ¥ = if count(others) = 0 then given_away else given_away + sum(others.given_away)
    优惠深度 : % = 让利额 / 成交额                               // a request split in twenty is one
    区域         = account.region
    客户级别     = account.tier
    产品线       = distinct(lines.product.line)                  // a list: the cell must hold for every line
    worst    : ¥ = min(lines.net_price - lines.unit_cost)        // null when any cost is unknown
    excepted     = valid_exception
    breached     = known(floor_breach)                          // whatever any rule says
    cost_age : d = max(lines.cost_age)
    culprit      = if default(cost_age > fresh, false) then ": " + stalest_product
                   else if default(worst < 0, false) then ": " + worst_product else ""
    // Freight is recorded for each line or for the whole, or the customer pays it (setting freight); else it is not known.
    borne    : ¥ = if freight_paid then 0 else if known(freight) then freight else sum(lines.freight)
    pocket   : % = if borne >= 0 then pocket_margin(quote) else null
    offered      = count(offers[kind != 'price' and made >= this.requested_on - 60d])
    risk     : % = account.churn_risk
    room     : % = given_away / list_value   // this request alone
    keeps        = 1 - risk                                      // p before
    would_keep   = 1 - risk * (1 - save)                         // p after
    before_m : ¥ = keeps * account.next_year
    after_m  : ¥ = would_keep * (account.next_year - 让利额)
    // What the rows of authority say, which the database holds whatever stands here; the higher of both signs.
    covered      = known(covered_by)
    needs        = if 审批人 < covered_by then covered_by else 审批人
    // What the competitor asks for the one product it is about, where that is shown and still holds.
    products     = distinct(lines.product.code)
    notes        = account.competitors[price != null and evidence != null and default(expires, as_of + 1d) > as_of]
    shown        = count(notes)
    theirs   : ¥ = if count(products) = 1 then min(notes[product.code in this.products].price) else null
    lowest   : ¥ = min(lines.net_price)
    claimed      = default(reason, "none")
    returned     = default(in_return, "") != ""
    last_save: d = days_since(account.quotes[reason = 'retention' and verdict = 'grant'])  // `never` >= cooldown
  ]],
  tables = {
    authority = "tables/authority.csv",                                -- first level that suffices -> 审批人
    offer = [[                                                   // non-price first: what to offer instead
      collect | account.loss_driver      | account.service_level || offer
              | complaint                | -                     || named engineer, 4h response
              | silence, unvisited       | -                     || executive visit within two weeks
              | wallet, season           | -                     || annual framework agreement, stock reserved
              | -                        | standard              || green channel for one quarter
              | champion                 | -                     || training for their team, club event
      else    |                          |                       || service, training or delivery that they do not have yet
      unknown |                          |                       || service, training or delivery that they do not have yet
    ]],
    retention = [[
      unique | risk       | last_save    | after_m      || retention | because
             | >= red    | >= cooldown  | > before_m   || pays      | {after_m:万} expected with it, {before_m:万} without
             | >= red    | >= cooldown  | <= before_m  || no        | costs more than it saves: {after_m:万} against {before_m:万}
             | >= red    | < cooldown   | -            || no        | offered {last_save:d} ago, once in {cooldown}
             | < red     | -            | -            || no        | risk {risk:%} is below {red:%}
      unknown|            |              |              || no        | {missing} is not known
    ]],
    match = [[               // a competitor's price is met where it is shown, and not undercut
      first   | claimed    | shown | lowest   || match     | match_says
              | competitor | 0     | -        || unshown   | no competitor's price on record with evidence: ask for their offer
              | competitor | -     | < theirs || undercuts | {lowest:¥} is under theirs of {theirs:¥}: meet it, no more
              | -          | -     | -        || fine      |
      unknown |            |       |          || fine      | {missing} is not known: a person compares
    ]],
    give_get = [[            // what is asked for in return, by what is given
      first   | room   | returned | account.tier || ask
              | > free | false    | A            || a reference, or a framework agreement for a year
              | > free | false    | -            || prepayment, or a larger quantity
              | -      | -        | -            || nothing
      unknown |        |          |              || nothing
    ]],
    chain = [[                   // who signs, in order (>) and side by side (+): levels, or departments
      first   | needs | pocket   || signers
              | 总部  | < 2*thin || 省 + 财务 > 总部
              | 总部  | -        || 省 > 总部
              | 省    | -        || 省
              | -     | -        || {needs}
      unknown |       |          || 省 > 总部
    ]],
    verdict = [[                 // an unknown margin stops here; it does not slip past into a grant
      first   | breached | cost_age | worst | pocket | excepted | offered | retention | 审批人                 | covered | own_authority | match     | ask     || verdict     | say
              | true     | -        | -     | -      | -        | -       | -         | -                      | -       | - | -         | -       || refuse      | {floor_breach}{culprit}
              | -        | > fresh  | -     | -      | -        | -       | -         | -                      | -       | - | -         | -       || refuse      | cost of {stalest_product} is {cost_age:d} old: renew it first
              | -        | -        | < 0   | -      | -        | -       | -         | -                      | -       | - | -         | -       || refuse      | {worst_product} would be {-worst:¥} below cost
              | -        | -        | -     | < 0    | -        | -       | -         | -                      | -       | - | -         | -       || refuse      | nothing is left in the pocket: {pocket:%}
              | -        | -        | -     | < thin | false    | -       | -         | -                      | -       | - | -         | -       || refuse      | pocket margin {pocket:%} is under {thin:%}; only a coded exception may
              | -        | -        | -     | -      | -        | 0       | -         | -                      | -       | - | -         | -       || offer-first | no non-price offer on record; try: {offer}
              | -        | -        | -     | -      | -        | -       | -         | -                      | -       | - | unshown   | -       || offer-first | {match_says}
              | -        | -        | -     | -      | -        | -       | -         | -                      | -       | - | undercuts | -       || offer-first | {match_says}
              | -        | -        | -     | -      | -        | -       | -         | -                      | -       | - | -         | != "nothing"|| offer-first | ask for something in return: {ask}
              | -        | -        | -     | -      | -        | -       | -         | 拒绝                   | -       | - | -         | -       || refuse      | beyond every authority
              | -        | -        | -     | -      | -        | -       | -         | -                      | false   | - | -         | -       || refuse      | no row of authority covers {优惠深度:%} ({让利额:万}) for this account
              | -        | -        | -     | -      | -        | -       | pays      | 客户经理, 地市         | -       | true | -         | -       || grant       | retention: {because}
              | -        | -        | -     | -      | -        | -       | -         | <= {requester.level}   | -       | true | -         | -       || grant       | within your own authority
              | -        | -        | -     | -      | -        | -       | -         | 客户经理, 地市, 省, 总部 | -       | - | -         | -       || escalate    | {room:%} ({让利额:万}) needs {needs}
      unknown |          |          |       |        |          |         |           |                        |         | |           |         || refuse      | {missing} is not known; an unknown never earns a discount
    ]],
  },
  run = function(book)
    local lapsed = quotes "status in ('approved', 'granted') and expires <= as_of"
    lapsed:put("status", "expired")

    book.all:assign("decided", "as_of")              -- the day whose costs count, before anything is granted
    book.all:put("relies_on", reads("verdict", "quote", "account", "quote_line", "cost", "price", "agreement", "volume"))
    book.all:decide "chain"                          -- who signs, by what is open before anything is granted
    local asked = book.all:decide "verdict"          -- decides the tables it leans on first, each logged
    local granted = asked:where "verdict = 'grant'"
    granted:assign("expires", "as_of + good_for")
    granted:put("status", "approved")
    asked:where "verdict = 'refuse'":put("status", "refused")

    -- What was signed, or waited, for an earlier judgement.
    signatures:where("quote.status = 'requested' and (answer = null or answer in ['yes', 'no'])"):put("answer", "void")
    local levels = { ["总部"] = true, ["省"] = true, ["地市"] = true, ["客户经理"] = true }
    asked:where "verdict = 'escalate'":each(function(q)
      local step, asks = 0, {}
      for together in (q.signers .. ">"):gmatch "%s*(.-)%s*>" do
        step = step + 1
        for who in (together .. "+"):gmatch "%s*(.-)%s*%+" do
          signature { quote = q, step = step, asked = "0d", level = levels[who] and who, department = not levels[who] and who or nil }
          if step == 1 and levels[who] then asks[#asks + 1] = who end
        end
      end
      q:put("status", "judged")
      for _, level in ipairs(q.account and asks or {}) do
        local who = acting(level, q.account.region)
        task { kind = "approve", account = q.account, owner = who, due = "2 workdays",
               title = q:say "{code}: {say}", text = who and "" or "nobody holds this level there" }
      end
    end)
    book:show("Judged", asked:group("verdict, 审批人", "count, sum(list_value) as list, sum(given_away) as given"))
    book:show("One by one", asked:sort "verdict, -让利额",
              "code, account.name, requester.name, room:%, verdict, 审批人, say, offer")
    if #lapsed > 0 then book:show("Lapsed", lapsed, "code, account.name, expires") end
  end,
}
