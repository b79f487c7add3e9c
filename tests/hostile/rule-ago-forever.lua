-- expect: 0 1
-- says: 
-- line: none
return playbook {
  name = "hostile-rule-ago-forever",
  run = function(book)
    return #accounts "ago(tier, 99999999m) = 'A'"
  end,
}
