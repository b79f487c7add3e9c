-- From list price to what stays in the pocket, step by step, and where a quote stands against what its product line
-- is usually sold for. Reads only.
return playbook {
  name   = "price-waterfall",
  title  = "Price waterfall  价格瀑布",
  about  = [[Discounts in a row compound. Each amount is rounded half away from zero where it arises; what belongs to the whole quote is
    spread over its lines by largest remainder, so that lines add up to it to the last minor unit.]],
  of     = "quote",
  scope  = "requested_on >= as_of - over",
  args = [[
    over = 12m           // quotes asked for in the year before as-of
    only : text = ''     // one quote, line by line; empty = the sum of all, and one by one
    most = 20            // rows of a list
  ]],
  metrics = [[
    优惠深度 : % = given_away / list_value
    产品线       = distinct(lines.product.line)
    客户级别     = account.tier
    counted      = known(pocket_price) and list_value > 0
  ]],
  tables = {
    guidance = "tables/guidance.csv",                        -- target, normal, floor, with words for the seller
    position = [[
      first   | 优惠深度  | 优惠深度  | 优惠深度 || stands       | words
              | <= target | -         | -        || at target    | {for_target}
              | -         | <= normal | -        || normal       | {for_normal}
              | -         | -         | <= floor || near floor   | {for_floor}
              | -         | -         | -        || beyond floor | {优惠深度:%} off is beyond the floor of {floor:%}: only an exception may
      unknown |           |           |          || unknown      | {missing} is not known
    ]],
  },
  run = function(book)
    local all = book.all:where "counted"
    if book.args.only ~= "" then
      local lines = quote_lines:where("quote.code = q", { q = book.args.only })
      book:show("Line by line", lines:sort "line_no",
        "line_no, product.code, list_amount, agreement_off, volume_off, asked_off, bundle_off, rebate_off, freight_off, terms_off, pocket, cost_amount, pocket_margin:%")
      all = all:where("code = q", { q = book.args.only })
    end
    local placed = all:decide "position"
    book:show("The waterfall", placed:group("status",
      "count, sum(list_amount) as list, sum(agreement_off) as agreement, sum(volume_off) as volume, sum(asked_off) as asked, " ..
      "sum(bundle_off) as bundle, sum(rebate_off) as rebate, sum(freight_off) as freight, sum(terms_off) as terms, sum(pocket_price) as pocket, sum(cost_amount) as cost"))
    book:show("Against guidance", placed:group("stands", "count, sum(list_value) as list, sum(given_away) as given, sum(given_away) / sum(list_value):% as depth"))
    book:show("One by one", placed:top(book.args.most, "given_away"), "code, account.name, list_amount, pocket_price, pocket_margin:%, 优惠深度:%, stands, words")
    local short = #book.all - #book.all:where "counted"
    if short > 0 then book:note(("%d quotes lack a price, a cost or a quantity: they are in no sum."):format(short)) end
  end,
}
