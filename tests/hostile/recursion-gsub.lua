-- expect: 1
-- says: stack|deep
return playbook {
  name = "hostile-recursion-gsub",
  run = function(book)
    local function f() return (string.gsub("x", "x", f)) end
    return f()
  end,
}
