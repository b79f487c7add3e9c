-- expect: 0 1
return playbook {
  name = "hostile-write-segment-injection",
  writes = { "segment:x'); DROP TABLE account; --" },
  run = function(book)
    segment("x'); DROP TABLE account; --"):becomes(accounts)
  end,
}
