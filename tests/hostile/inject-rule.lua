-- expect: 1
-- says: matched 0
return playbook {
  name = "hostile-inject-rule",
  run = function(book)
    local name = "x' or true or name = '"
    local n = #accounts:where("name = n", { n = name })
    error('matched ' .. n)
    
  end,
}
