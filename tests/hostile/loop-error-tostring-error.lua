-- expect: 1
-- line: none
return playbook {
  name = "hostile-loop-error-tostring-error",
  run = function(book)
    error(setmetatable({}, { __tostring = function() error("again") end })) -- here
  end,
}
