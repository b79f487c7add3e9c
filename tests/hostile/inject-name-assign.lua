-- expect: 0
-- says: %{phone}
-- never: 13900000001
-- line: none
-- command: cp $db $work/i.db; $pareto run $file --db $work/i.db --yes --no-input --timeout 1; $pareto query true --columns "code, address" --db $work/i.db; rm $work/i.db
return playbook {
  name = "hostile-inject-name-assign",
  writes = { "account.address" },
  run = function(book)
    accounts:assign("address", "{name}")
  end,
}
