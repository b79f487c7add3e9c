-- expect: 1
-- says: field|name|expected
return playbook {
  name = "hostile-fields-injection",
  writes = { "account.x" },
  fields = [[ x); DROP TABLE account; -- : text ]],
  run = function(book)
    return 1
  end,
}
