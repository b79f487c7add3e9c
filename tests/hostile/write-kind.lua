-- expect: 1
-- says: since|date|30
return playbook {
  name = "hostile-write-kind",
  writes = { "account.since" },
  run = function(book)
    accounts:put("since", "2026-02-30")
  end,
}
