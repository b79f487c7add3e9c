-- expect: 1
-- says: writes|valid%-key
return playbook {
  name = "hostile-write-other-segment",
  writes = { "segment:valid" },
  run = function(book)
    segment("valid-key"):becomes(accounts) -- here
  end,
}
