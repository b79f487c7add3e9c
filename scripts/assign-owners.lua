-- S2: every account has one owner. Who has none gets one: near, and with room; who has one keeps him unless asked.
return playbook {
  name   = "assign-owners",
  title  = "Owners for accounts without one  客户分配",
  about  = "Proposes an owner for every active account without one, balanced by visits, value and roads; and a partner, when asked.",
  tags   = { "visits" },
  scope  = "status = 'active'",
  uses   = { "kam", "calendar" },
  writes = { "assignment", "assignment.to_day", "assignment.staff", "registration", "registration.expires", "registration.partner" },
  args = [[
    among    : filter = active and grade = 'manager'   // who may get accounts
    limit    : count  = 200     // accounts a manager has at most
    in_region = false          // only within the account's region
    again    = false           // accounts that have an owner may change him too
    channel  = false           // propose channel partners as well
  ]],
  metrics = [[
    calls         = if tier = 'A' then 4 else if tier = 'B' then 2 else 1    // visits in four weeks
    stay          = calls * default(visit_minutes, 60)                      // minutes of them
    worth_a_visit : ¥ = max(default(revenue_12m, 0), 0)
  ]],
  run = function(book)
    local within = book.args.in_region and "region" or nil
    local plan = staff(book.args.among):propose {
      accounts = book.all,
      visits   = "calls",  minutes = "stay",  value = "worth_a_visit",
      within   = within,   limit = book.args.limit,  again = book.args.again,
    }
    book:note(tostring(plan))
    book:show("Proposed", plan.picks, "code, name, was, owner, owner.name, reason, road, next.name, next_more")
    book:show("Load", plan.loads:sort "-load")
    plan:write()

    if book.args.channel then
      local channel = partners("active"):propose { accounts = book.all, visits = "calls", minutes = "stay", value = "worth_a_visit", within = "region" }
      book:note("Partners: " .. tostring(channel))
      book:show("Partners proposed", channel.picks, "code, name, owner, owner.name, reason, next.name")
      channel:write()
    end
  end,
}
