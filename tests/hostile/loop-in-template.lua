-- expect: 1 124
-- says: timed out|template|long
return playbook {
  name = "hostile-loop-in-template",
  run = function(book)
    local s = string.rep("{code}", 100000)
    while true do accounts:each(function(a) a:say(s) end) end
  end,
}
