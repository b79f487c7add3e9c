-- expect: 1
-- says: masked
-- never: 13900000001
-- needs: outbox
return playbook {
  name = "hostile-send-masked",
  run = function(book)
    for c in contacts do book:send { to = "x", name = "x", text = c.phone } end -- here
  end,
}
