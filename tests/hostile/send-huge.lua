-- expect: 0 1
-- says: 
-- needs: outbox
return playbook {
  name = "hostile-send-huge",
  run = function(book)
    local big = string.rep("x", 20 * 1024 * 1024)
    book:send { file = "x", text = big }
  end,
}
