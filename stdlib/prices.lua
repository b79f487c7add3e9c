-- A rulebook: what every judgement and review of prices leans on. Its args are settings of the company, dated.
return rulebook {
  name  = "prices",
  about = "Rules for prices: how an account's volume answered when its price moved.",
  args  = [[
    enough = 3     // years with quantity and revenue below which sensitivity is unknown
  ]],
  metrics = [[
    // Arc elasticity (midpoints) of the quantity of a year on the mean price of one. Without its own orders in both
    // years, or without a change of price, it is unknown.
    qty_now      = sum(quantity, 12m)
    qty_before   = ago(sum(quantity, 12m), 12m)
    mean_price_now    : ¥ = sum(revenue, 12m) / qty_now
    mean_price_before : ¥ = ago(sum(revenue, 12m), 12m) / qty_before
    years_seen = (if count(orders, 12m) > 0 then 1 else 0) + (if ago(count(orders, 12m), 12m) > 0 then 1 else 0) +
      (if ago(count(orders, 12m), 24m) > 0 then 1 else 0)
    price_move   = (mean_price_now - mean_price_before) / ((mean_price_now + mean_price_before) / 2)
    volume_move  = (qty_now - qty_before) / ((qty_now + qty_before) / 2)
    orders_seen  = count(orders, 24m)
    sensitivity  = if years_seen >= enough and price_move != 0 then volume_move / price_move else null
    answers      = if not(known(sensitivity)) then "unknown" else if sensitivity < -1 then "sensitive" else "insensitive"
  ]],
}
