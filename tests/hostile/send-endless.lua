-- expect: 1 124
-- says: most|many|timed out
-- needs: outbox
return playbook {
  name = "hostile-send-endless",
  run = function(book)
    while true do book:send { to = "x", name = "x", text = "x" } end
  end,
}
