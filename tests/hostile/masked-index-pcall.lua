-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-index-pcall",
  run = function(book)
    local ok, e = pcall(function() return (contact "P1").phone end)
    error(tostring(e))
  end,
}
