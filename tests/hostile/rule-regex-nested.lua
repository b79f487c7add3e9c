-- expect: 1 124
-- says: read|timed out|matches|pattern|memory
-- line: none
-- command: ulimit -v 8000000; $pareto run $file $usual --yes
return playbook {
  name = "hostile-rule-regex-nested",
  run = function(book)
    return #accounts "matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaa', '((((a{1,100}){1,100}){1,100}){1,100})$')", error("read")
  end,
}
