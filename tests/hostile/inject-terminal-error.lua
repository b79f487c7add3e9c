-- expect: 1
-- never: \27[
-- never: \27]
-- never: \226\128\174
return playbook {
  name = "hostile-inject-terminal-error",
  run = function(book)
    error("\27[2J\27]0;gone\7\u{202e}")
  end,
}
