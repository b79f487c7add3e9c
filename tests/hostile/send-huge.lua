-- expect: 0 1 124
-- says: 
-- needs: outbox
-- line: none
return playbook {
  name = "hostile-send-huge",
  run = function(book)
    local big = string.rep("x", 20 * 1024 * 1024)
    book:send { file = "x", text = big }
  end,
}
