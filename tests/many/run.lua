-- lua5.4 tests/many/run.lua: eight processes at once on one database, for SECONDS (default 15): runs, imports, readers, undo.
-- No lost update, no torn read, nobody told that the database is locked, nobody starved. See README.md here.
local dir = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = dir .. "/../?.lua;" .. package.path
local attack = require "attack"
local sh = attack.sh
local SECONDS = tonumber(os.getenv "SECONDS") or 15

local RAISE = [[
return playbook {
  name = "raise-%s",
  writes = { "account.%s" },
  fields = "%s : number",
  run = function(book) accounts:assign("%s", "default(%s, 0) + 1") end,
}
]]

-- --- a worker ---------------------------------------------------------------------------------

local counts = {}
local function note(what) counts[what] = (counts[what] or 0) + 1 end

-- Runs a verb; exit codes other than those allowed are faults, which the parent shows.
local function verb(words, allowed)
  local out, code = attack.run(attack.verb("c.db", words))
  if not allowed[code] or out:find("database is locked") or out:find("timed out") then
    note("fault")
    print(("fault: %s: exit code %d: %s"):format(words, code, out:gsub("\n", " / ")))
  end
  return code, out
end

local DONE, OR_STALE = { [0] = true }, { [0] = true, [4] = true }
local workers = {}

-- All accounts are raised by one; a run that is refused because the data moved raises nothing.
function workers.raise()
  note(verb("run raise-shared.lua --yes", OR_STALE) == 0 and "raised" or "refused")
end

function workers.import(me, round)
  local lines = { "account,day,order_no,line_no,revenue" }
  for i = 1, 50 do lines[#lines + 1] = ("C%04d,2026-09-%02d,W%s-%d-%d,1,1.00"):format(i, i % 28 + 1, me, round, i) end
  sh.write(("orders-%s.csv"):format(me), table.concat(lines, "\n") .. "\n")
  if verb(("import orders-%s.csv --as orders --yes"):format(me), DONE) == 0 then note "imported" end
  os.execute "sleep 0.2" -- so that a run finds a moment
end

-- An own field goes up, and sometimes down again.
function workers.undo(me, round)
  local code, out = verb(("run raise-%s.lua --yes"):format(me), OR_STALE)
  if code ~= 0 then return note "refused" end
  note "raised"
  if not attack.has "undo" or round % 2 == 0 then return end
  if verb(("undo %s --yes"):format(out:match("run (%d+)")), OR_STALE) == 0 then note "undone" else note "refused" end
end

-- Everything is of one moment: all accounts were raised as often, and whole files of orders are there.
function workers.read()
  local _, out = verb([[eval 'return string.format("%s %s %s", accounts:min "shared", accounts:max "shared", accounts:sum("count(orders, all)"))']], DONE)
  local low, high, lines = out:match("(%d+) (%d+) (%d+)")
  if not low or low ~= high or tonumber(lines) % 50 ~= 0 then
    note "fault"
    print("fault: a torn read: " .. out)
  end
  note "read"
end

function workers.look(_, round)
  verb(({ "history", "plan raise-shared.lua", "why C0001 shared", "export account --output out.csv", "check raise-shared.lua",
    attack.has "verify" and "verify" or "history", attack.has "backup" and "backup copy-" .. round .. ".db" or "history" })[round % 7 + 1], DONE)
  note "looked"
end

if arg[1] == "worker" then
  local kind, me, till = arg[2], arg[3], tonumber(arg[4])
  local round = 0
  while os.time() < till do
    round = round + 1
    workers[kind](me, round)
  end
  for what, n in pairs(counts) do print(("count: %s %d"):format(what, n)) end
  os.exit(true)
end

-- --- an older database --------------------------------------------------------------------------------

-- Eight who find a database of an older schema: one brings it up to date, once, and all do what they were asked.
local function migrate()
  local folder = attack.folder()
  attack.must(("sqlite3 %s/c.db >/dev/null <%s/../crash/version-1.sql"):format(folder, dir))
  local pipes, faults = {}, {}
  for i = 1, 8 do pipes[i] = io.popen(attack.inside(folder, attack.here "outbox deliver" .. " 2>&1")) end
  for i = 1, 8 do
    local out = pipes[i]:read("a")
    if not pipes[i]:close() then faults[#faults + 1] = out end
  end
  local kept = #sh.glob(folder .. "/c.db.version-*")
  if kept ~= 1 then faults[#faults + 1] = ("%d backups of it"):format(kept) end
  for _, fault in ipairs(attack.unsound(folder .. "/c.db", true)) do faults[#faults + 1] = fault end
  attack.claim("eight bring an older database up to date at once", faults)
  os.execute("rm -rf " .. folder)
end
migrate()

-- --- all of them --------------------------------------------------------------------------------------

local work = attack.folder()
attack.company(work, { attack.IMPORT_ACCOUNTS })
for _, name in ipairs { "shared", "u1" } do
  sh.write(("%s/raise-%s.lua"):format(work, name), (RAISE:gsub("%%s", name)))
  attack.must(attack.inside(work, attack.here(("run raise-%s.lua --yes"):format(name))))
end

local crew = { "raise r1", "raise r2", "import i1", "import i2", "undo u1", "read q1", "read q2", "look l1" }
local pipes = {}
local started = os.time()
for i, who in ipairs(crew) do
  pipes[i] = assert(io.popen(("cd %s && BUILD=%s timeout -s KILL %d lua5.4 %s/run.lua worker %s %d 2>&1"):format(work, attack.build, SECONDS + 60,
    sh.absolute(dir), who, started + SECONDS)))
end
local total = {}
for i, who in ipairs(crew) do
  local out = pipes[i]:read("a")
  local ok = pipes[i]:close()
  local sum, faults = {}, {}
  for what, n in out:gmatch("count: (%l+) (%d+)") do sum[what] = tonumber(n) end
  if not ok then faults[1] = "ended in the middle" end
  if (sum.fault or 0) > 0 then faults[#faults + 1] = sum.fault .. " faults" end
  local done = sum.raised or sum.imported or sum.read or sum.looked
  local tries = sum.refused or 0
  if not done and (tries < 1 or tries > 3) then -- where only a few tries fitted in, all may have been refused
    faults[#faults + 1] = "got nothing done"
  end
  attack.claim(who, faults, out)
  total[who] = sum
end
if os.time() - started > SECONDS + 30 then attack.claim("nobody waits for ever", { ("took %d s"):format(os.time() - started) }) end

local function number(query) return tonumber((attack.sql(work .. "/c.db", query))) end
local function counted(what, found, expected)
  attack.claim(what, found == expected and {} or { ("%s, where %s were reported"):format(found, expected) })
end
local function of(who, what) return total[who][what] or 0 end
local raised = 1 + of("raise r1", "raised") + of("raise r2", "raised")
counted("no raise is lost", number "SELECT min(shared) FROM account", raised)
counted("no raise is made twice", number "SELECT max(shared) FROM account", raised)
counted("no raise of the one who undoes is lost", number "SELECT max(u1) FROM account", 1 + of("undo u1", "raised") - of("undo u1", "undone"))
counted("no order line is lost", number "SELECT count(*) FROM orders", 50 * (of("import i1", "imported") + of("import i2", "imported")))
counted("every run is in the log", number "SELECT count(*) FROM run", 2 + raised + of("undo u1", "raised") + of("undo u1", "undone")
  + of("import i1", "imported") + of("import i2", "imported"))
attack.claim("the database is sound", attack.unsound(work .. "/c.db"))
print(("  in %d s: %d raised, %d refused as stale, %d imports, %d read"):format(os.time() - started, raised - 1 + of("undo u1", "raised"),
  of("raise r1", "refused") + of("raise r2", "refused") + of("undo u1", "refused"), of("import i1", "imported") + of("import i2", "imported"),
  of("read q1", "read") + of("read q2", "read")))
os.execute("rm -rf " .. work)
attack.finish()
