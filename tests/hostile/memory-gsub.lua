-- expect: 1 124
-- says: memory|timed out
-- line: none
return playbook {
  name = "hostile-memory-gsub",
  run = function(book)
    local s = "xxxxxxxxxx"
    while true do s = s:gsub(".", "%0%0") end
  end,
}
