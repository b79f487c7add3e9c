-- expect: 1
-- says: yield|went on
return playbook {
  name = "hostile-yield-across-where",
  run = function(book)
    local co = coroutine.wrap(function()
      accounts:each(function(a) coroutine.yield(a.code) end)
    end)
    co()
    co()
    error("went on")
  end,
}
