-- expect: 0
-- line: none
-- command: $pareto query true --columns "code, name" --format json $usual | python3 -c "import json,sys; json.load(sys.stdin)" 2>/dev/null || $pareto query true --format json $usual | lua5.4 -e "assert(io.read[[a]]:find[[^%s*%[]])"
return playbook {
  name = "hostile-inject-json",
  run = function(book)
    book:show("x", accounts, "code, name")
  end,
}
