-- expect: 0 1 124
-- line: none
return playbook {
  name = "hostile-rule-power",
  run = function(book)
    return #accounts "2 ** 99999999999 > 1", #accounts "10 ** 6200 > 1", #accounts "0.1 ** 99999999 = 0"
  end,
}
