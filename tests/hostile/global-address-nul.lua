-- expect: 1
-- says: address
-- never: shown 0x
return playbook {
  name = "hostile-global-address-nul",
  run = function(book)
    local s = string.format("\0%p", "x") -- here
    error("shown " .. s:sub(2, 3) .. " ")
  end,
}
