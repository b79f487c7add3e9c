-- expect: 1 124
-- says: memory|timed out|long|replace
-- line: none
-- command: ulimit -v 8000000; $pareto run $file $usual --yes
return playbook {
  name = "hostile-memory-rule-text",
  run = function(book)
    local rule = "'xxxxxxxxxxxxxxxx'"
    for _ = 1, 40 do rule = "replace(" .. rule .. ", 'x', 'xx')" end
    return #accounts("string_length(" .. rule .. ") > 0")
  end,
}
