-- S0 S1 S2 S4: 80/20 is measured, never assumed (S4 says its own market does not reach it).
return playbook {
  name   = "pareto-80-20",
  title  = "Who brings the revenue: 80/20, A/B/C, dependence  二八分析",
  about  = [[Measures how concentrated the revenue is: what the largest accounts bring, how many carry four
    fifths of it, Gini and Herfindahl index, and how much hangs on the largest account alone. Sorts every
    account into A, B or C by the share of revenue held by those ranked above it.]],
  tags   = { "segment", "monthly" },
  scope  = "status = 'active'",
  writes = { "account.abc" },
  fields = [[ abc : ranked A, B, C       // by the share of revenue ahead ]],
  args = [[
    window = 12m     // how far back revenue counts
    a_cut  = 80%     // A: the accounts that carry this share together
    b_cut  = 95%     // B: those after them, up to this share; C: the rest
    lean   = 10%     // the largest account bringing more than this is worth a warning
  ]],
  metrics = [[
    spent : ¥ = sum(revenue, window)
    part  : % = share(spent, among spent > 0)           // of all revenue
    ahead : % = share_ahead(spent, among spent > 0)     // revenue of those ranked above
    place     = rank(spent, among spent > 0)
  ]],
  tables = { abc = [[
    first   | spent | ahead   || abc | why
            | <= 0  | -       || C   | bought nothing in the last {window}
            | -     | < a_cut || A   | rank {place}, {part:%} of revenue; {ahead:%} lies ahead
            | -     | < b_cut || B   | rank {place}, {part:%} of revenue; {ahead:%} lies ahead
            | -     | -       || C   | rank {place}, {part:%} of revenue; {ahead:%} lies ahead
  ]] },
  run = function(book)
    local all    = book.all:decide "abc"
    local buyers = all:where "spent > 0"

    book:show("Classes", all:group("abc", "count, share(count):%, sum(spent):万, share(sum(spent)):%"))
    book:show("What the largest accounts bring", buyers:shares("spent", "1%, 5%, 10%, 20%, 50%"))
    book:note("80 % of revenue is carried by {carriers(spent, 80%)} of the " .. #buyers .. " accounts that bought. "
           .. "Gini {gini(spent, among spent > 0):.6}, Herfindahl index {hhi(spent, among spent > 0):.8}.")
    book:chart("Lorenz curve", buyers:chart("pareto", "spent"))
    book:show("The largest ten", buyers:top(10, "spent"), "code, name, spent:万, part:%, ahead:%")
    book:show("Dependence: more than the share we want to lean on", buyers:where("part > lean"):sort "-part",
              "code, name, spent:万, part:%, owner.name")
  end,
}
--[[ sample
Classes
abc  count  share(count)  sum(spent), 万  share(sum(spent))
A      393        19.7 %        31,882.0             80.0 %
B      489        24.5 %         5,977.0             15.0 %
C    1,118        55.9 %         1,993.7              5.0 %
]]
