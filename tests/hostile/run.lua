-- lua5.4 tests/hostile/run.lua [NAME…]: every attack in this folder, judged, two at a time. See README.md here.
local dir = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = dir .. "/../?.lua;" .. package.path
local attack = require "attack"
local sh = attack.sh
local GRACE, PARTS = attack.sanitized and 25 or 2, 2
-- On a busy machine the first may come before the attack does; what fails is tried again with the next.
local DEADLINES = { 0.6, 4, 12 }

-- --- the head of an attack ---------------------------------------------------------------

local function expectations(text)
  local want = { code = {}, says = {}, never = {}, needs = {}, command = "$pareto run $file $usual --yes" }
  local line = 0
  for one in text:gmatch("([^\n]*)\n?") do
    line = line + 1
    if one:find("-- here", 1, true) then want.line = line end
  end
  for one in text:gmatch("[^\n]+") do
    local key, value = one:match("^%-%- (%l+): ?(.*)$")
    if not key then break end
    if key == "expect" then
      for code in value:gmatch("%d+") do want.code[tonumber(code)] = true end
    elseif key == "command" then
      want.command = value
    elseif key == "args" then
      want.command = want.command .. " " .. value
    elseif key == "line" then
      want.line = value
    elseif key == "open" then
      want.open = value
    elseif key == "never" then -- \27 is a byte
      table.insert(want.never, (value:gsub("\\(%d+)", function(n) return string.char(tonumber(n)) end)))
    else
      table.insert(assert(want[key], key), value)
    end
  end
  return want
end

local function matches(text, alternatives)
  for one in alternatives:gmatch("[^|]+") do
    if text:find(one) then return true end
  end
  return alternatives == ""
end

-- --- one attack ------------------------------------------------------------------------------

local work, db

local function calm()
  return (attack.run(attack.verb(db, "eval '#accounts, string.format(\"%d\", 7), accounts:top(1, \"code\")'")))
end

local function command(want, path, deadline)
  local values = {
    pareto = attack.pareto, file = sh.quote(path), db = db, work = work,
    usual = ("--db %s --as-of %s --no-input --timeout %g"):format(db, attack.asof, deadline),
  }
  return ("cd %s && timeout -s KILL 40 sh -c %s"):format(work, sh.quote((want.command:gsub("%$(%l+)", values))))
end

local function try(path, want, deadline)
  local faults = {}
  local function fault(...) faults[#faults + 1] = string.format(...) end
  local out, code, took = attack.run(command(want, path, deadline))
  if took > deadline + GRACE then fault("took %.1f s", took) end
  if not next(want.code) then fault("no expectation") end
  if not want.code[code] then fault("exit code %d", code) end
  for _, says in ipairs(want.says) do
    if not matches(out, says) then fault("does not say %q", says) end
  end
  for _, never in ipairs(want.never) do
    if out:find(never, 1, true) then fault("shows %q", never) end
  end
  if want.line ~= "none" and code ~= 0 then
    local name = path:match("[^/]*$"):gsub("%p", "%%%0")
    if not out:find(name .. ":" .. (want.line or "%d+")) then fault("does not name the line") end
  end
  return faults, out, code, took
end

local function judge(path)
  local want = expectations(sh.read(path))
  local faults, out, code, took
  for _, deadline in ipairs(DEADLINES) do
    faults, out, code, took = try(path, want, deadline)
    if #faults == 0 then break end
  end
  return faults, out, code, took
end

local function prepare()
  work = attack.folder()
  db = work .. "/h.db"
  attack.must(attack.pareto .. " init --db " .. db)
  attack.must(("sqlite3 %s < %s/seed.sql"):format(db, dir))
end

local function judge_all(paths)
  prepare()
  local before, usual = attack.dump(db), calm()
  for _, path in ipairs(paths) do
    local want = expectations(sh.read(path))
    local missing
    for _, verb in ipairs(want.needs) do
      if not attack.has(verb) then missing = verb end
    end
    local walled = os.getenv "PARETO_SANITIZED" and want.command and want.command:find("ulimit -v", 1, true)
    if missing then
      attack.skip(path, "pareto has no verb " .. missing)
    elseif want.open then
      attack.skip(path, "not held off yet: " .. want.open)
    elseif walled then
      attack.skip(path, "a sanitizer takes more address space than this attack's limit")
    else
      local faults, out, code, took = judge(sh.absolute(path))
      local after = attack.dump(db)
      if after ~= before and code ~= 0 then
        faults[#faults + 1] = "the database is not as it was: " .. attack.difference(before, after)
      end
      if calm() ~= usual then faults[#faults + 1] = "the next run is affected" end
      if os.getenv "VERBOSE" then print(("== %s [%s] %.1f s\n%s"):format(path, code, took, out:sub(1, 1000))) end
      attack.claim(path, faults, out)
      before = after
    end
  end
  os.execute("rm -rf " .. work)
  attack.finish()
end

-- --- all -----------------------------------------------------------------------------------

-- Every PARTS-th from `first` on; a shell's attacks on the file belong to the first part.
local function part(first)
  local paths = {}
  for i, path in ipairs(sh.glob(dir .. "/*.lua")) do
    if not path:find("/run%.lua$") and not path:find("/shell%.lua$") and i % PARTS == first then paths[#paths + 1] = path end
  end
  judge_all(paths)
end

local function all()
  local commands = {}
  for i = 0, PARTS - 1 do commands[#commands + 1] = ("lua5.4 %s --part %d"):format(arg[0], i) end
  commands[#commands + 1] = ("lua5.4 %s/shell.lua"):format(dir)
  attack.join(commands)
end

if arg[1] == "--part" then
  part(tonumber(arg[2]))
elseif arg[1] then
  local paths = {}
  for _, name in ipairs(arg) do paths[#paths + 1] = dir .. "/" .. name .. ".lua" end
  judge_all(paths)
else
  all()
end
