-- lua5.4 tests/tck/run.lua: the cases of the DMN conformance kit that lie in $PARETO_SHARED/data/dmn-tck. Level 2 and the
-- level-3 tables hold to the last case, and at least 95 % of all level-3 cases. Skipped when the kit is not there.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../?.lua;" .. package.path
local sh = require "shell"
local kit = sh.shared(sh.absolute(here .. "/../..")) .. "/data/dmn-tck"
local tool = sh.absolute(os.getenv("BUILD") or "build") .. "/tests/tck"
if not sh.exists(kit .. "/level-2") then
  print("# SKIP there is no DMN conformance kit in " .. kit)
  print(sh.summary(0, 0, 1))
  os.exit(0)
end

local passed, failed = 0, 0
-- Runs the folders; `least` cases have to pass, as a number or as a share of them.
local function demand(what, folders, count, share)
  local out = sh.capture(("timeout 300 %s %s"):format(tool, folders))
  local good, bad = out:match("(%d+) passed, (%d+) failed%s*$")
  good, bad = tonumber(good) or 0, tonumber(bad) or 0
  if good + bad >= count and good >= share * (good + bad) then
    passed = passed + 1
  else
    failed = failed + 1
    print(("FAIL %s: %d of %d cases passed"):format(what, good, math.max(good + bad, count)))
    print(out)
  end
end

local tables = {}
for _, number in ipairs { "0017", "0020", "0037", "0038", "0039", "0040", "0041" } do
  tables[#tables + 1] = ("%s/level-3/%s-*"):format(kit, number)
end
demand("level 2", kit .. "/level-2", 116, 1)
demand("tables of level 3", table.concat(tables, " "), 23, 1)
demand("level 3", kit .. "/level-3", 824, 0.95)
print(sh.summary(passed, failed, 0))
os.exit(failed == 0 and 0 or 1)
