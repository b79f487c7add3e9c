-- expect: 1
-- says: reach: 0
return playbook {
  name = "hostile-global-exit-metatable",
  run = function(book)
    local found = {}
    for _, x in ipairs { accounts, book, book.args, as_of, segment "x", print, "" } do
      local m = getmetatable(x)
      if type(m) == "table" then found[#found + 1] = type(x) end
    end
    error("metatables within reach: " .. #found)
  end,
}
