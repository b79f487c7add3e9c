-- Important, group, business, strategic by five factors. The table belongs to the ops team and lives in a
-- spreadsheet: tables/kinds.csv, Chinese headings.
return playbook {
  name   = "four-kinds",
  title  = "Four kinds of key account by five factors  四类大客户",
  scope  = "status = 'active'",
  writes = { "account.类别" },
  fields = [[ 类别 : one of 重要, 集团, 商业, 战略, 普通, 待定 ]],
  args   = [[ window = 12m ]],
  metrics = [[
    群体规模   = default(sum(subsidiaries.headcount), headcount)   // 成员单位人数合计
    社会影响力 = influence_rating                                  // 1-5, rated, dated
    年收入 : ¥ = sum(revenue, window)
    业务需求   = need_match(5)                                     // 1-5 from open needs
    扩充能力   = classes(growth_potential, 5)
  ]],
  tables = { kind = "kinds.csv" },        -- column headings are names of metrics; `out:` `note:` mark the rest
  run = function(book)
    local all = book.all:decide "kind"    -- writes 类别; 决定因素 goes to the log, shown by why
    book:show("四类", all:group("类别", "count, sum(年收入):万, mode(决定因素)"))
    book:show("跨类变动", all:migration("类别", "1m"))
    book:show("只差一格", all:nearly("kind", "重要"),      -- one cell short of a kind, and which
              "code, name, 类别, missed as 差在, missed.value as 现值, missed.test as 需要")
  end,
}
