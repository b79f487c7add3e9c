-- expect: 1
-- says: setting
return playbook {
  name = "hostile-write-setting",
  run = function(book)
    setting { name = "currency", value = "XXX" }
  end,
}
