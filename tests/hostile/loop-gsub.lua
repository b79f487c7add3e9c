-- expect: 124
-- says: timed out
return playbook {
  name = "hostile-loop-gsub",
  run = function(book)
    string.gsub("x", "x", function() while true do end end)
  end,
}
