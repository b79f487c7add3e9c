-- expect: 1
-- line: none
return playbook {
  name = "hostile-global-string-index",
  run = function(book)
    local m = getmetatable("")
    m.__index = nil
  end,
}
