-- expect: 1 124
-- says: read|timed out|matches|pattern
return playbook {
  name = "hostile-rule-regex",
  run = function(book)
    return #accounts "matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a+)+$')", error("read")
  end,
}
