-- expect: 1
-- says: name|\?|kept
return playbook {
  name = "hostile-inject-template",
  run = function(book)
    local a = accounts:top(1, "code")
    a:each(function(x) error("kept " .. x:say("{name}") .. " {as_of}") end)
  end,
}
