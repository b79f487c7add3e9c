-- What the folders hostile, crash, fault and many share: running pareto with its exit code and time, comparing
-- databases, keeping score.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path
local sh = require "shell"

local attack = { sh = sh }
attack.build = sh.absolute(os.getenv("BUILD") or "build")
attack.pareto = attack.build .. "/pareto"
attack.asof = "2026-11-01"
attack.sanitized = os.execute(("grep -q __asan_init %s 2>/dev/null"):format(attack.pareto)) == true

-- Output (stdout and stderr together), exit code and seconds of a shell command.
function attack.run(command)
  local text = sh.capture(("exec 2>/dev/null; s=$(date +%%s%%N); ( %s\n) 2>&1 </dev/null; c=$?; echo; echo \"$c $(( $(date +%%s%%N) - s ))\"")
    :format(command))
  local out, code, nanos = text:match("^(.*)\n(%d+) (%d+)$")
  return out, tonumber(code), tonumber(nanos) / 1e9
end

-- A command that has to succeed, or the test has no ground to stand on.
function attack.must(command)
  local out, code = attack.run(command)
  if code ~= 0 then error(("exit code %d of: %s\n%s"):format(code, command, out), 0) end
  return out
end

-- The command line of a verb on a database.
function attack.verb(db, words)
  return ("%s --db %s --as-of %s --no-input %s"):format(attack.pareto, sh.quote(db), attack.asof, words)
end

-- The verbs that this pareto has.
local verbs
function attack.has(verb)
  if not verbs then
    verbs = {}
    for name in attack.must(attack.pareto .. " help"):gmatch("\n  (%l+)%f[%s]") do verbs[name] = true end
  end
  return verbs[verb] == true
end

-- A folder that is gone when the script ends well.
function attack.folder()
  return sh.capture("mktemp -d")
end

-- --- databases -----------------------------------------------------------------------------

-- Columns that hold a clock value, chance, or what is computed from one, of any table; and tables that are all that, or
-- derived from others whenever somebody reads.
local CLOCK = { at = true, hash = true, salt = true, rows = true, plan = true, seconds = true }
local MOMENTS = { delivery = true, month_column = true, month_fact = true, month_name = true, month_stale = true }

-- Lua's view of one query: rows as text with | between columns.
function attack.sql(db, query)
  if not sh.exists(db) then return "no database" end -- which the shell would make
  return attack.run(("sqlite3 -batch %s %s"):format(sh.quote(db), sh.quote(query)))
end

-- What is personal stands in a journal as a salted hash, in a blob: each run has its own.
local TOKEN = ("personal:"):gsub(".", function(c) return ("%02X"):format(c:byte()) end) .. ("%x"):rep(128)

-- Everything in the database but clock values and salted hashes, as text.
function attack.content(db)
  local names = attack.sql(db, "SELECT m.name, group_concat(c.name, ' ') FROM sqlite_schema m, pragma_table_info(m.name) c "
    .. "WHERE m.type = 'table' GROUP BY m.name ORDER BY m.name")
  local script = {}
  for line in names:gmatch("[^\n]+") do
    local name, columns = line:match("^(.-)|(.*)$")
    if not name then return names end
    if MOMENTS[name] then columns = "" end
    local list = {}
    for column in columns:gmatch("%S+") do
      if not CLOCK[column] then list[#list + 1] = ('quote("%s")'):format(column) end
    end
    if #list > 0 then
      script[#script + 1] = ("SELECT '%s', %s FROM \"%s\" ORDER BY 2, 3;"):format(name, table.concat(list, ", ") .. ", 0", name)
    end
  end
  script[#script + 1] = "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2;"
  local path = os.tmpname()
  sh.write(path, table.concat(script, "\n"))
  local text = attack.run(("sqlite3 -batch %s <%s"):format(sh.quote(db), path))
  os.remove(path)
  return (text:gsub(TOKEN, "TOKEN"))
end

-- Byte for byte.
function attack.dump(db)
  return (attack.run(("sqlite3 -batch %s .dump"):format(sh.quote(db))))
end

-- The first line in which two texts differ, for people.
function attack.difference(a, b)
  local lines = {}
  for line in b:gmatch("[^\n]+") do lines[#lines + 1] = line end
  local i = 0
  for line in a:gmatch("[^\n]+") do
    i = i + 1
    if line ~= lines[i] then return ("line %d: %s  ≠  %s"):format(i, line:sub(1, 300), (lines[i] or "(end)"):sub(1, 300)) end
  end
  return ("line %d: (end)  ≠  %s"):format(i + 1, (lines[i + 1] or "(end)"):sub(1, 300))
end

-- Does verify find nothing but rows from before there was a log?
local function only_strangers(out)
  local others = 0
  for line in out:gmatch("[^\n]+") do
    if line:find("^  ") and not line:find("no run brought") and not line:find("^  rows that are meant")
      and not line:find("^  a backup") and not line:find("^  nothing was") then
      others = others + 1
    end
  end
  return others == 0
end

-- Faults of a database that has to be sound; none is the empty table. `seeded`: it had rows before it had a log.
function attack.unsound(db, seeded)
  local faults = {}
  local function fault(...) faults[#faults + 1] = string.format(...) end
  local integrity = attack.sql(db, "PRAGMA integrity_check"):gsub("%s+$", "")
  if integrity ~= "ok" then fault("integrity_check: %s", integrity) end
  local keys = attack.sql(db, "PRAGMA foreign_key_check"):gsub("%s+$", "")
  if keys ~= "" then fault("foreign_key_check: %s", keys) end
  local out, code = attack.run(attack.verb(db, "history"))
  if code ~= 0 then fault("history: exit code %d: %s", code, out) end
  if attack.has "verify" then
    out, code = attack.run(attack.verb(db, "verify"))
    if code ~= 0 and not (seeded and only_strangers(out)) then fault("verify: exit code %d: %s", code, out) end
  end
  return faults
end

-- --- a company ----------------------------------------------------------------------------

-- The command line of a verb on c.db, for use inside its folder.
function attack.here(words)
  return ("%s --db c.db --as-of %s --no-input %s"):format(attack.pareto, attack.asof, words)
end
function attack.inside(folder, command) return ("cd %s || exit 9\n%s"):format(folder, command) end
function attack.copy(from, to) attack.must(("rm -rf %s && cp -a %s %s"):format(to, from, to)) end

attack.IMPORT_ACCOUNTS = attack.here "import accounts.csv --as account --yes"
attack.IMPORT_ORDERS = attack.here "import orders.csv --as orders --create account --yes"
attack.RUN = attack.here "run tiers.lua --yes"

local ACCOUNTS, LINES = 150, 1500
local TIERS = [[
return playbook {
  name = "tiers",
  writes = { "account.tier", "account.grade", "segment:large", "task" },
  fields = "grade : number",
  metrics = "turned = sum(revenue, 6m)",
  tables = { t = "first | turned || tier | why\n | > 3000 || A | sold {turned}\n | - || C | sold {turned}\n" },
  run = function(book)
    local all = book.all:decide "t"
    all:put("grade", 1)
    segment("large"):becomes(all:where "tier = 'A'")
    for a in all:top(20, "turned") do task { account = a, title = "visit" } end
  end,
}
]]
local SEND = [[
return playbook {
  name = "send",
  writes = { "account.service_level" },
  run = function(book)
    accounts:put("service_level", "standard")
    for i = 1, 5 do book:send { file = "list-" .. i .. ".txt", text = string.rep("line " .. i .. "\\n", 2000) } end
    for i = 1, 3 do book:send { to = "limin", name = "visit " .. i, text = "go" } end
  end,
}
]]

-- A folder with a new database c.db, two files to import and two playbooks; then the commands, inside it.
function attack.company(folder, commands)
  attack.must("mkdir -p " .. folder)
  local accounts, orders = { "code,name,status,tier" }, { "account,day,order_no,line_no,revenue" }
  for i = 1, ACCOUNTS do accounts[#accounts + 1] = ("C%04d,客户%d,active,%s"):format(i, i, ({ "A", "B", "C" })[i % 3 + 1]) end
  for i = 1, LINES do
    orders[#orders + 1] = ("C%04d,2026-%02d-%02d,O%d,1,%d.50"):format(i * 7 % (ACCOUNTS + 20) + 1, i % 9 + 1, i % 28 + 1, i, i % 997)
  end
  sh.write(folder .. "/accounts.csv", table.concat(accounts, "\n") .. "\n")
  sh.write(folder .. "/orders.csv", table.concat(orders, "\n") .. "\n")
  sh.write(folder .. "/tiers.lua", TIERS)
  sh.write(folder .. "/send.lua", SEND)
  attack.must(attack.inside(folder, attack.here "init"))
  for _, command in ipairs(commands) do attack.must(attack.inside(folder, command)) end
end

-- --- score ------------------------------------------------------------------------------

local passed, failed, skipped = 0, 0, 0

-- One claim. With faults (a list) it failed, and they are shown.
function attack.claim(name, faults, detail)
  if #faults == 0 then
    passed = passed + 1
    return
  end
  failed = failed + 1
  print("FAILED " .. name .. ": " .. table.concat(faults, "; "))
  if detail and detail ~= "" then print((("    " .. detail:sub(1, 2000)):gsub("[^\n\32-\255]", "?"):gsub("\n", "\n    "))) end
  io.flush()
end

function attack.skip(name, reason)
  skipped = skipped + 1
  print("skipped " .. name .. ": " .. reason)
end

-- Runs commands at once that end as scripts with finish() do, and adds up what they say.
function attack.join(commands)
  local pipes = {}
  for i, command in ipairs(commands) do pipes[i] = assert(io.popen(command .. " 2>&1 </dev/null")) end
  for i, pipe in ipairs(pipes) do
    local text = pipe:read("a")
    pipe:close()
    local rest, p, f, more = text:match("^(.-)(%d+) passed, (%d+) failed([^\n]*)\n$")
    if not p then
      attack.claim(commands[i], { "ended in the middle" }, text)
    else
      io.write(rest)
      passed, failed = passed + tonumber(p), failed + tonumber(f)
      skipped = skipped + tonumber(more:match("(%d+) skipped") or 0)
    end
  end
  attack.finish()
end

-- Ends the script with the line that tests/run.lua reads.
function attack.finish()
  print(sh.summary(passed, failed, skipped))
  os.exit(failed == 0 and 0 or 1)
end

return attack
