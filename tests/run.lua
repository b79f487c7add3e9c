-- Runs everything that `make test` runs, as many jobs at a time as there are processors (or JOBS), and ends with one line
-- `N passed, N failed`. Each job is a command whose output says how many of its own tests passed.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path
local sh = require "shell"
local build = sh.absolute(os.getenv("BUILD") or "build")
local width = tonumber(os.getenv("JOBS")) or tonumber(sh.capture("nproc")) or 1
local LIMIT = os.getenv "PARETO_SANITIZED" and 1200 or 300 -- seconds for one file of tests

-- cmocka's test anything protocol. A skipped test is `not ok N # SKIP`.
local function count_tap(text)
  local passed, failed, skipped = 0, 0, 0
  for line in text:gmatch("[^\n]+") do
    if line:find("# SKIP", 1, true) then
      skipped = skipped + 1
    elseif line:find("^ok ") then
      passed = passed + 1
    elseif line:find("^not ok ") then
      failed = failed + 1
    end
  end
  return passed, failed, skipped
end

-- Our own last line.
local function count_summary(text)
  local last
  for line in text:gmatch("[^\n]+") do
    if line:find("%d+ passed") then last = line end
  end
  if not last then return 0, 0, 0 end
  local function number(word) return tonumber(last:match("(%d+) " .. word)) or 0 end
  return number("passed"), number("failed"), number("skipped")
end

-- What a person wants to see of a job that failed or skipped something.
local function noteworthy(text)
  local out = {}
  for line in text:gmatch("[^\n]+") do
    if not line:find("^ok ") and not line:find("^1%.%.%d") and not line:find("^%d+ passed") then
      out[#out + 1] = "  " .. line
    end
  end
  return table.concat(out, "\n")
end

-- The longest first.
local jobs = {}
local function add(name, command, count)
  jobs[#jobs + 1] = { name = name, command = command, count = count }
end
for _, suite in ipairs {
  { "hostile scripts", "hostile" }, { "faults, over a few verbs", "fault" }, { "15 crashes", "crash" },
  { "eight processes at once", "many", "SECONDS=6 " }, { "what was fuzzed before", "fuzz" },
  { "random price requests", "price", "QUOTES=600 " },
} do
  add(suite[1], ("%sBUILD=%s lua5.4 %s/%s/run.lua"):format(suite[3] or "", build, here, suite[2]), count_summary)
end
for _, name in ipairs(sh.glob(here .. "/lint/*_test.lua")) do add(name, "lua5.4 " .. name, count_summary) end
add("DMN conformance kit", ("BUILD=%s lua5.4 %s/tck/run.lua"):format(build, here), count_summary)
add("floors", "lua5.4 " .. here .. "/lint/floors.lua", count_summary)
for _, source in ipairs(sh.glob(here .. "/unit/*_test.c")) do
  local binary = build .. "/tests/unit/" .. source:match("([^/]*)%.c$")
  add(source, ("CMOCKA_MESSAGE_OUTPUT=TAP timeout %d %s"):format(LIMIT, binary), count_tap)
end
for _, path in ipairs(sh.glob(here .. "/cli/*.txt")) do
  add(path, ("BUILD=%s lua5.4 %s/golden.lua %s"):format(build, here, path), count_summary)
end
local root = here == "tests" and "" or here .. "/../"
for _, path in ipairs(sh.glob(root .. "scripts/*_test.lua " .. root .. "stdlib/*_test.lua " .. root .. "examples/*_test.lua")) do
  add(path, ("env -u PARETO_DB PARETO_PATH=%sscripts timeout %d %s/pareto test %s"):format(root, LIMIT, build, path), count_summary)
end

-- Adds up what a finished job says, and says it in a line.
local sum = { 0, 0, 0 }
local function judge(job, status)
  local text = sh.read(job.output)
  local passed, failed, skipped = job.count(text)
  if status ~= 0 and failed == 0 then -- it crashed, or never said what it did
    failed = 1
    text = text .. ("\nexit status %d"):format(status)
  elseif passed + failed + skipped == 0 then
    failed = 1
    text = text .. "\nno test in it"
  end
  print(("  %s  %-44s %s"):format(failed > 0 and "FAIL" or "ok  ", job.name, sh.summary(passed, failed, skipped)))
  if failed > 0 or skipped > 0 then
    local note = noteworthy(text)
    if note ~= "" then print(note) end
  end
  io.flush()
  for i, n in ipairs { passed, failed, skipped } do sum[i] = sum[i] + n end
end

local temp = sh.capture("mktemp -d")
for i, job in ipairs(jobs) do
  job.output = ("%s/%d.out"):format(temp, i)
  sh.write(("%s/%d.sh"):format(temp, i), job.command .. "\n")
end
-- xargs keeps `width` of them running; each says its number and exit status when it ends.
local pool = assert(io.popen(
  ("seq %d | xargs -P %d -I{} sh -c 'sh %s/{}.sh >%s/{}.out 2>&1 </dev/null; echo {} $?'"):format(#jobs, width, temp, temp)))
local ended = 0
for line in pool:lines() do
  local number, status = line:match("^(%d+) (%d+)$")
  judge(jobs[tonumber(number)], tonumber(status))
  ended = ended + 1
end
pool:close()
os.execute("rm -rf " .. sh.quote(temp))
if ended < #jobs then
  print(("%d of %d jobs never ended"):format(#jobs - ended, #jobs))
  sum[2] = sum[2] + #jobs - ended
end
print(sh.summary(sum[1], sum[2], sum[3]))
os.exit(sum[2] == 0 and 0 or 1)
