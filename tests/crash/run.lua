-- lua5.4 tests/crash/run.lua: kill -9 at random points of everything that writes, N times (default 15), from SEED
-- (default 1). With names of scenarios: only those. See README.md here.
local dir = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = dir .. "/../?.lua;" .. package.path
local attack = require "attack"
local sh = attack.sh
local N, SEED = tonumber(os.getenv "N") or 15, tonumber(os.getenv "SEED") or 1
-- Traced, a sanitizer cannot look for leaks.
local killer = (attack.sanitized and "env ASAN_OPTIONS=detect_leaks=0 " or "") .. attack.build .. "/tests/crash/killer"
local traced = select(2, attack.run(killer .. " 0 true")) == 0
local work = attack.folder()

-- --- the company, and the scenarios ---------------------------------------------------------

local pareto = attack.here
local IMPORT_ACCOUNTS, IMPORT_ORDERS, RUN = attack.IMPORT_ACCOUNTS, attack.IMPORT_ORDERS, attack.RUN

-- An empty database as the first schema made it.
local OLD = sh.absolute(dir .. "/version-1.sql")

-- A scenario: verb needed, what comes before (shell commands), the command that is killed, and what more holds after a
-- crash: also(folder, after, faults) where `after` says that the database is as the whole command leaves it.
local function whole_or_as_before(name, old)
  return function(folder, _, faults, whole)
    local now = sh.exists(folder .. "/" .. name) and sh.read(folder .. "/" .. name) or nil
    if now ~= old and now ~= sh.read(whole .. "/" .. name) then faults[#faults + 1] = name .. " is half written" end
  end
end

-- Messages are told to a file, while `open` is there.
local TELL = "touch open; " .. pareto "set outbox.command 'test -e open && cat >/dev/null && echo $PARETO_ID >>told'"

-- Items of the outbox leave whole, at the latest with the next command, and none leaves without its run.
local function delivered(folder, _, faults, whole)
  local function fault(...) faults[#faults + 1] = string.format(...) end
  local sent = sh.capture(("sqlite3 %s/c.db 'SELECT count(*) FROM outbox'"):format(folder)) ~= "0"
  local function look(when, all)
    for _, path in ipairs(sh.glob(whole .. "/c.db.outbox/[0-9]*")) do
      local here = folder .. "/c.db.outbox/" .. path:match("[^/]*$")
      if sh.exists(here) and sh.read(here) ~= sh.read(path) then fault("%s: %s is half written", when, here) end
      if all and not sh.exists(here) then fault("%s: %s did not leave", when, here) end
    end
    local told = sh.exists(folder .. "/told") and sh.read(folder .. "/told") or ""
    for id in sh.read(whole .. "/told"):gmatch("%S+") do
      if all and not ("\n" .. told):find("\n" .. id .. "\n", 1, true) then fault("%s: message %s did not leave", when, id) end
    end
    if not sent and (told ~= "" or sh.glob(folder .. "/c.db.outbox/[0-9]*")[1]) then fault("%s: something left without its run", when) end
  end
  look("after the crash", false)
  attack.run(attack.inside(folder, pareto "outbox deliver"))
  look("after the next command", sent)
end

local scenarios = {
  { name = "init", verb = "init", before = { "rm c.db" }, command = pareto "init", again = true },
  { name = "migration", verb = "outbox", before = { "rm c.db*; sqlite3 c.db >/dev/null <" .. OLD },
    command = pareto "outbox deliver", again = true, seeded = true,
    also = function(folder, _, faults)
      for _, kept in ipairs(sh.glob(folder .. "/c.db.version-*")) do
        local sound = attack.sql(kept, "PRAGMA integrity_check"):gsub("%s+$", "")
        if sound ~= "ok" and not kept:find("%.new%-") then faults[#faults + 1] = ("%s is half written: %s"):format(kept, sound) end
      end
    end },
  { name = "import", verb = "import", before = { IMPORT_ACCOUNTS }, command = IMPORT_ORDERS },
  { name = "import, changing", verb = "import", before = { IMPORT_ACCOUNTS, "sed -i s/客户/公司/ accounts.csv" }, command = IMPORT_ACCOUNTS },
  { name = "run", verb = "run", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS }, command = RUN },
  { name = "run, again", verb = "run", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS, RUN, "sed -i 's/> 3000/> 5000/' tiers.lua" }, command = RUN },
  { name = "plan", verb = "plan", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS }, command = pareto "plan tiers.lua" },
  { name = "apply", verb = "apply", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS, pareto "plan tiers.lua" }, command = pareto "apply p-0001" },
  { name = "undo", verb = "undo", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS, RUN }, command = pareto "undo 3 --yes" },
  { name = "undo of undo", verb = "undo", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS, RUN, pareto "undo 3 --yes" },
    command = pareto "undo 4 --yes" },
  { name = "merge", verb = "merge", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS, RUN }, command = pareto "merge C0001 C0002 --yes" },
  { name = "backup", verb = "backup", before = { IMPORT_ACCOUNTS, IMPORT_ORDERS }, command = pareto "backup copy.db",
    also = function(folder, _, faults)
      if not sh.exists(folder .. "/copy.db") then return end
      for _, fault in ipairs(attack.unsound(folder .. "/copy.db")) do faults[#faults + 1] = "copy.db: " .. fault end
      if attack.content(folder .. "/copy.db") ~= attack.content(folder .. "/c.db") then faults[#faults + 1] = "copy.db is no copy" end
    end },
  { name = "restore", verb = "restore", before = { IMPORT_ACCOUNTS, pareto "backup copy.db", IMPORT_ORDERS, RUN },
    command = pareto "restore copy.db --yes" },
  { name = "restore of an older backup", verb = "restore", before = { IMPORT_ACCOUNTS, "sqlite3 copy.db >/dev/null <" .. OLD },
    command = pareto "restore copy.db --yes", seeded = true },
  { name = "export", verb = "export", before = { IMPORT_ACCOUNTS, "echo old >out.csv" }, command = pareto "export account --output out.csv",
    also = whole_or_as_before("out.csv", "old\n") },
  { name = "outbox", verb = "outbox", also = delivered, command = pareto "run send.lua --yes",
    before = { IMPORT_ACCOUNTS, TELL } },
  { name = "outbox deliver", verb = "outbox", also = delivered, command = pareto "outbox deliver",
    before = { IMPORT_ACCOUNTS, TELL, "rm open; echo >c.db.outbox", pareto "run send.lua --yes" .. "; true", "rm c.db.outbox; touch open" } },
}

-- --- one crash ------------------------------------------------------------------------------

local function prepare(s)
  local folder = work .. "/" .. s.name:gsub("%W+", "-")
  s.ground, s.whole, s.here = folder .. "/ground", folder .. "/whole", folder .. "/here"
  attack.company(s.ground, s.before)
  s.before_content = attack.content(s.ground .. "/c.db")
  attack.copy(s.ground, s.whole)
  attack.must(attack.inside(s.whole, s.command))
  attack.copy(s.ground, s.here)
  s.seconds = select(3, attack.run(attack.inside(s.here, s.command)))
  attack.must(attack.verb(s.whole .. "/c.db", "history")) -- what had to leave has left
  s.after_content = attack.content(s.whole .. "/c.db")
  if not traced then return end
  attack.copy(s.ground, s.here)
  s.writes = tonumber(attack.run(attack.inside(s.here, ("%s 0 sh -c %s"):format(killer, sh.quote("exec " .. s.command)))):match("(%d+)%s*$"))
  if not s.writes then error("the killer cannot count the writes of " .. s.name, 0) end
end

-- Where the next blow falls.
local function blow(s)
  local dice = math.random()
  local command = sh.quote("exec " .. s.command)
  if dice < 0.4 or not traced then
    local t = math.random() * s.seconds * 1.2
    return ("after %.4f s"):format(t), ("timeout -s KILL %.4f sh -c %s"):format(t, command)
  end
  local n = math.random(s.writes)
  local alone = dice < 0.6 and "--alone" or ""
  return ("at write %d of %d %s"):format(n, s.writes, alone), ("%s %d %s sh -c %s"):format(killer, n, alone, command)
end

-- What has to hold after init was killed: there is a database, or init makes one.
local function make_again(s)
  local _, code = attack.run(attack.inside(s.here, pareto "history"))
  if code ~= 0 then attack.run(attack.inside(s.here, s.command)) end
end

local none, all = 0, 0

local function crash(s, i)
  attack.copy(s.ground, s.here)
  local where, command = blow(s)
  local out = attack.run(attack.inside(s.here, command))
  local db, faults = s.here .. "/c.db", {}
  if s.again then make_again(s) end
  for _, fault in ipairs(attack.unsound(db, s.seeded)) do faults[#faults + 1] = fault end
  local content = attack.content(db)
  local before, after = content == s.before_content, content == s.after_content
  if not before and not after then
    faults[#faults + 1] = "neither as before nor as after: " .. attack.difference(s.after_content, content)
  end
  if after then all = all + 1 elseif before then none = none + 1 end
  if s.also then s.also(s.here, after and not before, faults, s.whole) end
  if before and not after then
    local again, code = attack.run(attack.inside(s.here, s.command))
    if code ~= 0 then
      faults[#faults + 1] = ("a second attempt ends with %d: %s"):format(code, again)
    elseif attack.content(db) ~= s.after_content then
      faults[#faults + 1] = "a second attempt gives something else: " .. attack.difference(s.after_content, attack.content(db))
    end
  end
  attack.claim(("%s, killed %s (crash %d)"):format(s.name, where, i), faults, out)
  return #faults == 0
end

-- --- all ------------------------------------------------------------------------------------

local wanted = {}
for _, name in ipairs(arg) do wanted[name] = true end
local chosen = {}

-- What an older pareto refuses to do at all cannot be killed in the middle.
local function refused(s)
  if not s.probe then return false end
  local folder = work .. "/probe"
  attack.company(folder, s.before)
  local _, code = attack.run(attack.inside(folder, s.command))
  return code ~= 0
end

for _, s in ipairs(scenarios) do
  if next(wanted) and not wanted[s.name] then
    goto next
  elseif attack.has(s.verb) and refused(s) then
    attack.skip("crashes of " .. s.name, "pareto refuses " .. s.command:match("%S+ %S+ [^ ]*$"))
  elseif attack.has(s.verb) then
    chosen[#chosen + 1] = s
  else
    attack.skip("crashes of " .. s.name, "pareto has no verb " .. s.verb)
  end
  ::next::
end

math.randomseed(SEED)
local broken
if not traced then attack.skip("crashes between two writes", "ptrace is refused here; only random times") end
for _, s in ipairs(chosen) do prepare(s) end
for i = 1, N do
  local s = chosen[(i - 1) % #chosen + 1]
  if not crash(s, i) then broken = s.here end
end
print(("  %d crashes: %d left nothing of the command, %d all of it"):format(N, none, all))
if broken then
  print("SEED " .. SEED .. "; the last broken one is in " .. broken)
else
  os.execute("rm -rf " .. work)
end
attack.finish()
