-- expect: 1
-- says: heading
-- line: none
local s = "first | tier" for _ = 1, 16 do s = s .. " || " .. s end
return playbook {
  name = "hostile-table-wide",
  tables = { t = s },
  run = function(book)
    accounts:decide "t"
  end,
}
