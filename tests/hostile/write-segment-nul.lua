-- expect: 1
-- says: name|writes|valid
return playbook {
  name = "hostile-write-segment-nul",
  writes = { "segment:valid-key" },
  run = function(book)
    segment("valid\0-key"):becomes(accounts) -- here
  end,
}
