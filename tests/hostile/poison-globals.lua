-- expect: 1
-- says: 
return playbook {
  name = "hostile-poison-globals",
  run = function(book)
    print, pcall, error2, accounts, tostring = nil, nil, nil, nil, nil
    pairs = function() return function() end end
    error("the next run must not see it")
  end,
}
