-- expect: 1
-- line: none
return playbook {
  name = "hostile-global-exit",
  run = function(book)
    local os = getmetatable(book).__index
    return os.exit(0), 1
  end,
}
