-- lua5.4 tests/fuzz/run.lua: gives the kept corpus to every target. With --seconds N [TARGET]: looks for new inputs that
-- break one, each target N seconds; with --keep as well, adds to the corpus what reaches new code. See README.md here.
local dir = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = dir .. "/../?.lua;" .. package.path
local attack = require "attack"
local sh = attack.sh

local seconds, keep, only
for i = 1, #arg do
  if arg[i] == "--seconds" then
    seconds = tonumber(arg[i + 1])
  elseif arg[i] == "--keep" then
    keep = true
  elseif arg[i - 1] ~= "--seconds" then
    only = arg[i]
  end
end

local function target_of(source) return source:match("([^/]*)%.c$") end

-- Every file of the corpus is a claim: it breaks nothing.
local function replay(name)
  local files = sh.glob(("%s/corpus/%s/*"):format(dir, name))
  local out, code = attack.run(("%s/tests/fuzz/%s %s"):format(attack.build, name, table.concat(files, " ")))
  local passed = 0
  for _ in out:gmatch("ok %d+ %-") do passed = passed + 1 end
  for _ = 1, passed do attack.claim(name, {}) end
  if code ~= 0 then
    attack.claim(files[passed + 1] or name, { ("exit code %d"):format(code) }, out:match("[^\n]*does not hold.*") or out:sub(-2000))
  elseif #files == 0 then
    attack.claim(name, { "no corpus" })
  end
end

-- libFuzzer on one target; what breaks it is left in BUILD.
local function search(name)
  local found = ("%s/corpus/%s"):format(attack.build, name)
  attack.must(("mkdir -p %s %s/broken"):format(found, attack.build))
  local words = name:find("rule") and ("-dict=%s/rules.dict"):format(dir) or ""
  local out, code = attack.run(("%s/tests/fuzz/%s -max_total_time=%d -timeout=10 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 %s "
    .. "-artifact_prefix=%s/broken/%s- %s %s/corpus/%s"):format(attack.build, name, seconds, words, attack.build, name, found, dir, name))
  local runs = out:match("Done (%d+) runs")
  print(("  %-20s %s inputs tried"):format(name, runs or out:match("number_of_executed_units: (%d+)") or "?"))
  local broken = out:match("Test unit written to (%S+)")
  local faults = {}
  if code ~= 0 or not runs then faults[1] = broken and "broken by " .. broken or ("ended with %d"):format(code) end
  attack.claim(name, faults, out:match("[^\n]*does not hold[^\n]*") or out:match("[^\n]*runtime error[^\n]*") or out:match("[^\n]*ERROR: .*") or out:sub(-2000))
  if keep and #faults == 0 then
    attack.must(("%s/tests/fuzz/%s -merge=1 -max_len=4096 %s/corpus/%s %s"):format(attack.build, name, dir, name, found))
  end
end

for _, source in ipairs(sh.glob(dir .. "/*_fuzz.c")) do
  local name = target_of(source)
  if not only or name:find(only, 1, true) then
    if seconds then search(name) else replay(name) end
  end
end
attack.finish()
