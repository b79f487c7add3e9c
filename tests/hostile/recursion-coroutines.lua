-- expect: 1 124
-- says: stack|too deep|memory|timed out
return playbook {
  name = "hostile-recursion-coroutines",
  run = function(book)
    local function down() return coroutine.wrap(down)() end
    return down()
  end,
}
