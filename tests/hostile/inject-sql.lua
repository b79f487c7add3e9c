-- expect: 1
-- says: matched 0
return playbook {
  name = "hostile-inject-sql",
  run = function(book)
    local n = #accounts:where("code = c", { c = "C0001'; DROP TABLE account; --" })
    error('matched ' .. n)
  end,
}
