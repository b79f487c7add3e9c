-- expect: 0
-- never: 0x
-- line: none
-- command: $pareto plan $file $usual >$work/1 2>&1 || cat $work/1; $pareto plan $file $usual >$work/2 2>&1; cat $work/1; cmp $work/1 $work/2
return playbook {
  name = "hostile-deterministic",
  run = function(book)
    local seen = { tostring(print), tostring({}), tostring(coroutine.create(print)), string.format("%s %s", {}, print), tostring(accounts), tostring(book) }
    for k in pairs { b = 1, a = 2, [3] = 3, [1.5] = 4 } do seen[#seen + 1] = tostring(k) end
    for _ = 1, 5 do seen[#seen + 1] = tostring(math.random(1000000)) end
    local keyed = {}
    for i = 1, 50 do keyed["k" .. i] = true end
    for k in pairs(keyed) do seen[#seen + 1] = k end
    book:note(table.concat(seen, " "))
  end,
}
