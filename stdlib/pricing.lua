-- A rulebook: what is asked of price requests, one by one. A session knows its names beside those of kam.
return rulebook {
  name  = "pricing",
  about = "Figures of a price request: how deep it goes, and into which product line.",
  of    = "quote",
  metrics = [[
    depth : % = given_away / list_value                                                       // of the list price  让利幅度
    line      = if count(lines) > 0 then lines.product.line[1] else product.line              // of its first line, or its product
  ]],
}
