-- expect: 1
-- says: masked
-- never: 13900000001
-- never: 13900000002
return playbook {
  name = "hostile-masked-equal",
  run = function(book)
    local a = contact "P1"
    if a.phone == "x" then error("equal") end
  end,
}
