-- compare.lua FLOOR.csv JOB.csv: the job's figures beside the reference's, to the last digit the reference prints.
local function rows(path)
  local list = {}
  local first = true
  for line in io.lines(path) do
    local cell = {}
    for c in (line .. ","):gmatch("([^,]*),") do cell[#cell + 1] = c end
    if not first then list[#list + 1] = cell end
    first = false
  end
  return list
end

local want, got = rows(arg[1]), rows(arg[2])
if #want ~= #got then
  print(("%d lines, not %d"):format(#got, #want))
  os.exit(1)
end
local differ, example = {}, {}
for i, w in ipairs(want) do
  for k, cell in ipairs(w) do
    local mine = got[i][k] or ""
    local digits = cell:match("^%-?%d+%.(%d+)$")
    if digits and tonumber(mine) then
      mine = ("%." .. #digits .. "f"):format(tonumber(mine))
      if not mine:find("[1-9]") then mine = mine:gsub("^%-", "") end
      if not cell:find("[1-9]") then cell = cell:gsub("^%-", "") end
    end
    if mine ~= cell then
      differ[k] = (differ[k] or 0) + 1
      example[k] = example[k] or ("%s: %s, not %s"):format(w[1], mine, cell)
    end
  end
end
local same = true
for k = 1, #want[1] do
  if differ[k] then
    print(("column %d differs in %d of %d lines, such as %s"):format(k, differ[k], #want, example[k]))
    same = false
  end
end
if not same then os.exit(1) end
print(("%d lines, equal to the last digit"):format(#want))
