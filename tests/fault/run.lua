-- lua5.4 tests/fault/run.lua [PART…]: what a machine does to a program, one fault after another: disk, rights, locks, damage,
-- clock, output, signals, memory. FULL=1: over every verb, not only those in FEW, and each fault at more moments; STEPS:
-- how many allocations of each verb fail, one at a time (6, or 400). See README.md here.
local dir = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = dir .. "/../?.lua;" .. package.path
local attack = require "attack"
local sh, pareto, inside = attack.sh, attack.here, attack.inside
local FULL = os.getenv "FULL" == "1"
local STEPS = tonumber(os.getenv "STEPS") or FULL and 400 or 6
local FEW = { import = true, run = true, undo = true, merge = true, query = true, plan = true, export = true, backup = true }
local function moments(all, few) return FULL and all or few end
local root = sh.capture("id -u") == "0"
local shim = attack.build .. "/tests/fault/shim.so"
local work = attack.folder()
attack.must("chmod 755 " .. work)
local DOCUMENTED = { [0] = true, [1] = true, [2] = true, [3] = true, [4] = true, [5] = true, [6] = true, [124] = true, [130] = true }

-- --- the ground: a company with a past -----------------------------------------------------------

local ground = work .. "/ground"
attack.company(ground, { attack.IMPORT_ACCOUNTS, attack.IMPORT_ORDERS,
  attack.has "backup" and pareto "backup earlier.db" or "true", attack.RUN, "sed -i 's/> 3000/> 5000/' tiers.lua",
  "sed -i s/客户/公司/ accounts.csv", pareto "plan tiers.lua" })
local before = attack.content(ground .. "/c.db")

-- The main path of every verb: what changes the database, and what only reads it.
local WRITING = {
  { "import", attack.IMPORT_ACCOUNTS }, { "run", attack.RUN }, { "undo", pareto "undo 3 --yes" },
  { "merge", pareto "merge C0001 C0002 --yes" }, { "apply", pareto "apply p-0001" },
  { "restore", pareto "restore earlier.db --yes" },
}
local READING = {
  { "query", pareto "query \"sum(revenue, 6m) > 100 and status = 'active'\" --columns 'code, name, rank(sum(revenue, 6m))'" },
  { "plan", pareto "plan tiers.lua" }, { "history", pareto "history" }, { "show", pareto "show 3" }, { "why", pareto "why C0001 tier" },
  { "whynot", pareto "whynot C0001 tier B" }, { "check", pareto "check tiers.lua" }, { "list", pareto "list" },
  { "help", pareto "help tiers.lua" }, { "eval", pareto "eval 'accounts:top(3, \"sum(revenue, 6m)\"):show \"code, name\"'" },
  { "export", pareto "export account --output out.csv" }, { "test", "cp $T/rfm.lua $T/rfm_test.lua . && " .. pareto "test rfm_test.lua" },
  { "verify", pareto "verify" }, { "backup", pareto "backup copy.db" }, { "diff", pareto "diff p-0001" }, { "init", pareto "init --db new.db" },
}
for _, verb in ipairs(READING) do verb[2] = verb[2]:gsub("%$T", sh.absolute(dir .. "/../../scripts")) end
local EVERY = {}
for _, list in ipairs { WRITING, READING } do
  for _, verb in ipairs(list) do
    if not FULL and not FEW[verb[1]] then
      goto next
    elseif attack.has(verb[1]) then
      EVERY[#EVERY + 1] = verb
    else
      attack.skip("faults of " .. verb[1], "pareto has no verb " .. verb[1])
    end
    ::next::
  end
end

local after = {} -- verb -> what its whole command leaves
for _, verb in ipairs(EVERY) do
  attack.copy(ground, work .. "/whole")
  attack.must(inside(work .. "/whole", verb[2]))
  after[verb[1]] = attack.content(work .. "/whole/c.db")
end

local ME = ("|'%s'|"):format(sh.capture("id -un"))

-- A message, a documented code, and the database whole or as it was.
local function judge(name, verb, out, code, db, says)
  local faults = {}
  local function fault(...) faults[#faults + 1] = string.format(...) end
  if not DOCUMENTED[code] then fault("exit code %d", code) end
  if code ~= 0 and not out:find("%S") then fault("no message") end
  if code ~= 0 and says and not (says:gsub("[^|]+", function(one) return out:find(one) and "\0" end)):find("\0") then
    fault("exit code %d, does not say %q", code, says)
  end
  local content = attack.content(db):gsub("|'uid %d+'|", ME) -- short of descriptors, it cannot look up a name
  if content ~= before and content ~= after[verb] then fault("the database is half changed: %s", attack.difference(before, content)) end
  if code == 0 and after[verb] and content ~= after[verb] then fault("exit code 0, but nothing was done") end
  attack.claim(name, faults, out)
end

local parts = {}
local order = {}
local function part(name, f)
  parts[name] = f
  order[#order + 1] = name
end

-- --- the disk ----------------------------------------------------------------------------------------

part("disk full", function()
  local disk = work .. "/disk"
  attack.must("mkdir " .. disk)
  local _, code = attack.run("mount -t tmpfs -o size=8m pareto-test " .. disk)
  if code ~= 0 then return attack.skip("a full disk", "mount is refused here") end
  for _, verb in ipairs(EVERY) do
    for _, free in ipairs(moments({ 0, 4, 16, 40, 96, 200, 400, 1000 }, { 0, 16, 96, 400 })) do
      attack.must(("rm -rf %s/* && cp -a %s/. %s/"):format(disk, ground, disk))
      local room = tonumber(sh.capture(("df --output=avail -k %s | tail -1"):format(disk))) - free
      attack.must(("head -c %dK /dev/zero >%s/filler"):format(room, disk))
      local out
      out, code = attack.run(inside(disk, "export TMPDIR=" .. disk .. " SQLITE_TMPDIR=" .. disk .. "; " .. verb[2]))
      attack.must(("rm %s/filler"):format(disk))
      judge(("disk with %d KiB left: %s"):format(free, verb[1]), verb[1], out, code, disk .. "/c.db", "full|No space left")
      attack.claim(("disk with %d KiB left, after %s"):format(free, verb[1]), attack.unsound(disk .. "/c.db"))
    end
  end
  attack.must("umount " .. disk)
end)

part("file size limit", function()
  for _, verb in ipairs(EVERY) do
    attack.copy(ground, work .. "/here")
    local out, code = attack.run(inside(work .. "/here", "ulimit -f 64; " .. verb[2]))
    judge("ulimit -f: " .. verb[1], verb[1], out, code, work .. "/here/c.db")
    attack.claim("after ulimit -f: " .. verb[1], attack.unsound(work .. "/here/c.db"))
  end
end)

-- --- rights ------------------------------------------------------------------------------------------------

-- A command as somebody without rights over other people's files.
local function nobody(command)
  return root and ("setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent sh -c %s"):format(sh.quote(command)) or command
end

local function no_rights(title, prepare, says, undo)
  for _, verb in ipairs(EVERY) do
    local here = work .. "/rights"
    attack.copy(ground, here)
    if root then attack.must("chown -R 65534:65534 " .. here) end
    attack.must(inside(here, prepare))
    local out, code = attack.run(inside(here, nobody(verb[2])))
    attack.must(("chmod -R u+rwX %s"):format(here))
    if undo then attack.must(undo) end
    local read_only = code == 0 and after[verb[1]] == before
    if code == 0 and not read_only then
      attack.claim(title .. ": " .. verb[1], { "carried out" }, out)
    else
      judge(title .. ": " .. verb[1], verb[1], out, code, here .. "/c.db", says)
    end
  end
end

-- Why nobody cannot be played here, or nil.
local function nobody_missing()
  if not root then return nil end
  if sh.capture("setpriv --reuid=65534 --regid=65534 --clear-groups id -u 2>&1") ~= "65534" then return "setpriv is refused here" end
  local _, code = attack.run(nobody(attack.build .. "/pareto version"))
  if code ~= 0 then return "other users cannot reach " .. attack.build end
  return nil
end

part("read-only folder", function()
  local why = nobody_missing()
  if why then return attack.skip("missing rights", why) end
  no_rights("read-only folder and file", "chmod 444 c.db* *.lua *.csv; chmod 555 .", "[Pp]ermission|read%-only|cannot write|may not")
  no_rights("read-only file", "chmod 444 c.db", "[Pp]ermission|read%-only|cannot write|may not")
end)

part("no permission", function()
  local why = nobody_missing()
  if why then return attack.skip("no permission", why) end
  for _, verb in ipairs(EVERY) do
    attack.copy(ground, work .. "/rights")
    if root then attack.must("chown -R 65534:65534 " .. work .. "/rights") end
    attack.must(inside(work .. "/rights", "chmod 000 c.db"))
    local out, code = attack.run(inside(work .. "/rights", nobody(verb[2])))
    attack.must("chmod 644 " .. work .. "/rights/c.db")
    local needs_none = ({ list = true, help = true, init = true, test = true })[verb[1]]
    if not (needs_none and code == 0) then judge("no permission: " .. verb[1], verb[1], out, code, work .. "/rights/c.db", "[Pp]ermission|read%-only for you") end
  end
end)

-- --- locks ---------------------------------------------------------------------------------------------------

-- Runs `command` while a sqlite3 shell holds a write transaction for `seconds`.
local function while_locked(here, seconds, begin, command)
  return attack.run(inside(here, ("rm -f held; mkfifo lock; sqlite3 c.db <lock >held 2>&1 & exec 9>lock; rm lock; echo %s >&9; "
    .. "echo '.print held' >&9; until [ -s held ]; do sleep 0.02; done; "
    .. "( sleep %g; echo 'ROLLBACK;' >&9 ) & ( exec 9>&-; %s ); c=$?; exec 9>&-; wait; exit $c")
    :format(sh.quote(begin .. "; UPDATE account SET name = name WHERE id = 1;"), seconds, command)))
end

part("locked", function()
  for _, verb in ipairs(EVERY) do
    local here = work .. "/here"
    attack.copy(ground, here)
    if after[verb[1]] ~= before and (FULL or verb[1] == "run") then
      local out, code, took = while_locked(here, 7, "BEGIN EXCLUSIVE", verb[2])
      local faults = {}
      if code ~= 5 then faults[1] = ("exit code %d"):format(code) end
      if took > 20 then faults[#faults + 1] = ("took %.1f s"):format(took) end
      if not out:find("busy") and not out:find("open elsewhere") then faults[#faults + 1] = "does not say that the database is busy" end
      if attack.content(here .. "/c.db") ~= before then faults[#faults + 1] = "the database changed" end
      attack.claim("locked throughout: " .. verb[1], faults, out)
    end
    for _, begin in ipairs(moments({ "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE" }, { "BEGIN EXCLUSIVE" })) do
      attack.copy(ground, here)
      local out, code = while_locked(here, 0.6, begin, verb[2])
      judge(("locked for a moment with %s: %s"):format(begin, verb[1]), verb[1], out, code, here .. "/c.db")
      local through = code == 0 or verb[1] == "restore" and code == 5 -- the shell has the file open for longer
      attack.claim(("locked for a moment with %s: %s goes through"):format(begin, verb[1]), through and {} or { "exit code " .. code }, out)
    end
  end
end)

part("a long plan locks out nobody", function()
  local here = work .. "/here"
  attack.copy(ground, here)
  sh.write(here .. "/slow.lua", [[
    return playbook { name = "slow", writes = { "account.tier" }, run = function(book)
      accounts:put("tier", "A")
      while true do end
    end }]])
  local out = attack.run(inside(here, ("%s >slow.txt 2>&1 & sleep 0.5; timeout 5 sqlite3 c.db \"UPDATE account SET city = 'x' WHERE id = 1\" "
    .. "&& echo written before; wait; echo; cat slow.txt"):format(pareto "run slow.lua --yes --timeout 2")))
  attack.claim("a long plan locks out nobody", out:find("^written before") and {} or { "the shell could not write" }, out)
end)

-- --- damaged files -----------------------------------------------------------------------------------------------

part("damage", function()
  local DAMAGE = {
    { "half a file", "truncate -s $(($(stat -c %s c.db) / 2)) c.db" }, { "an empty file", ": >c.db" }, { "text", "echo hello >c.db" },
    { "a folder", "rm c.db; mkdir c.db" }, { "a pipe", "rm c.db; mkfifo c.db" }, { "a device", "rm c.db; ln -s /dev/zero c.db" },
    { "zeros", "head -c 1000000 /dev/zero >c.db" }, { "another program's database", "rm c.db; sqlite3 c.db 'CREATE TABLE t(x)'" },
    { "a newer schema", "sqlite3 c.db 'PRAGMA user_version = 99'" }, { "no schema", "sqlite3 c.db 'PRAGMA user_version = 0'" },
    { "a page of noise", "head -c 8192 ../noise | dd of=c.db bs=8192 seek=9 conv=notrunc 2>/dev/null" },
    { "many pages of noise", "dd if=../noise of=c.db bs=8192 seek=3 conv=notrunc 2>/dev/null" },
    { "a table less", "sqlite3 c.db 'DROP TABLE segment_member'" }, { "a table changed", "sqlite3 c.db 'ALTER TABLE account RENAME COLUMN tier TO tear'" },
    { "a log of noise", "cp ../noise c.db-wal" }, { "a link to nowhere", "rm c.db; ln -s nowhere c.db" },
    { "a link to itself", "rm c.db; ln -s c.db c.db" },
  }
  local noise = {}
  math.randomseed(1)
  for i = 1, 200000 do noise[i] = string.char(math.random(0, 255)) end
  sh.write(work .. "/noise", table.concat(noise))
  for _, damage in ipairs(DAMAGE) do
    for _, verb in ipairs(EVERY) do
      if not (FULL or verb[1] == "run" or verb[1] == "query") then goto next end
      local here = work .. "/here"
      attack.copy(ground, here)
      attack.must(inside(here, damage[2]))
      local sum = "test -f c.db -a ! -L c.db && sha256sum <c.db"
      local was = attack.run(inside(here, sum))
      local out, code, took = attack.run(inside(here, "ulimit -t 15; timeout -s KILL 200 sh -c " .. sh.quote(verb[2])))
      local faults = {}
      if not DOCUMENTED[code] then faults[1] = ("exit code %d"):format(code) end
      if code ~= 0 and not out:find("%S") then faults[#faults + 1] = "no message" end
      if took > 150 then faults[#faults + 1] = ("took %.1f s"):format(took) end
      if code ~= 0 and attack.run(inside(here, sum)) ~= was then faults[#faults + 1] = "the damaged file was changed" end
      attack.claim(("%s: %s"):format(damage[1], verb[1]), faults, out)
      ::next::
    end
  end
end)

-- --- a clock that is set under a server ---

local SERVE = [[
cat >quick.lua <<'END'
return playbook { name = "quick", run = function(book) book:note "done" end }
END
offset() { echo $(( $(date -u -d "$1" +%%s) - $(date +%%s) )) >next; mv next clock; } # to this moment
until_says() { for i in $(seq 1200); do [ "$(grep -c "$1" serve.log)" -ge "$2" ] && return; sleep 0.05; done; echo "never said $2 times: $1"; }
export FAULT_CLOCK=@$PWD/clock
offset '2030-01-01 05:50:00'
LD_PRELOAD=%s %s || exit
LD_PRELOAD=%s %s 2>serve.log & serve=$!
until_says serving 1
offset '2030-01-01 06:00:30'; until_says 'm: run [0-9]* ok' 1
offset '2029-12-30 06:00:30'; until_says 'clock was set' 1; sleep 0.3
offset '2030-01-01 05:59:00'; sleep 0.3
offset '2030-01-01 06:01:00'; sleep 0.3
offset '2030-01-04 06:00:30'; until_says 'm: run [0-9]* ok' 2
kill -TERM $serve; wait $serve; echo "ended $?"
sqlite3 c.db "SELECT due, state, n FROM job_run ORDER BY due, id"
]]

part("clock set under a server", function()
  if attack.sanitized then return attack.skip("a clock set under a server", "LD_PRELOAD and the sanitizer do not go together") end
  local here = work .. "/here"
  attack.copy(ground, here)
  local out = attack.run(inside(here, SERVE:format(shim, (pareto 'schedule add m quick --cron "0 6 * * *" --tz UTC'):gsub("--as%-of %S+", ""),
    shim, (pareto "serve"):gsub("--as%-of %S+", ""))))
  local want = "ended 0\n2030-01-01T06:00:00Z|ok|1\n2030-01-03T06:00:00Z|missed|2\n2030-01-04T06:00:00Z|ok|1\n"
  local log = sh.exists(here .. "/serve.log") and sh.read(here .. "/serve.log") or ""
  attack.claim("a clock set forth and back under a server runs each moment once",
    out:sub(-#want) == want and log:find "the clock was set" and {} or { "not as it should be" }, out .. log)
end)

-- --- clock and file system ---------------------------------------------------------------------------------------------

part("clock", function()
  if attack.sanitized then return attack.skip("clock and file systems", "LD_PRELOAD and the sanitizer do not go together") end
  local here = work .. "/here"
  attack.copy(ground, here)
  local back = ("FAULT_CLOCK=-40000000 LD_PRELOAD=%s "):format(shim)
  local faults = {}
  local function step(name, command, wants)
    local out, code = attack.run(inside(here, command))
    if code ~= 0 or (wants and not out:find(wants)) then faults[#faults + 1] = ("%s: exit code %d: %s"):format(name, code, out) end
    return out
  end
  step("run with the clock moved back", back .. attack.RUN)
  step("a plan for a day of before the last run says so", (back .. attack.RUN):gsub("%-%-as%-of %S+", ""):gsub("run ", "plan "),
    "the clock says")
  local id = attack.sql(here .. "/c.db", "SELECT max(id) FROM run"):match("%d+")
  step("the newest stands first", pareto "history", "run[^\n]*\n%s+" .. id .. "%s")
  step("why names the newest", pareto "why C0001 tier", "run " .. id)
  if attack.has "undo" then step("undo", back .. pareto("undo %s --yes"):format(id)) end
  step("import", back .. attack.IMPORT_ACCOUNTS)
  for _, fault in ipairs(attack.unsound(here .. "/c.db")) do faults[#faults + 1] = fault end
  attack.claim("the clock may move back", faults)

  local out, code, took = attack.run(inside(here, ("FAULT_CLOCK=40000000 LD_PRELOAD=%s %s"):format(shim, pareto "eval 'while true do end' --timeout 1")))
  attack.claim("deadlines do not read the calendar", code == 124 and took < 10 and {} or { ("exit code %d after %.1f s"):format(code, took) }, out)

  for _, verb in ipairs(EVERY) do
    attack.copy(ground, here)
    out, code = attack.run(inside(here, ("export FAULT_STATFS=0x6969 LD_PRELOAD=%s; %s"):format(shim, verb[2])))
    local needs_none = ({ list = true, help = true, test = true })[verb[1]]
    if not (needs_none and code == 0) then
      judge("network file system: " .. verb[1], verb[1], out, code, here .. "/c.db", "network")
      attack.claim("network file systems are refused: " .. verb[1], code ~= 0 and {} or { "exit code 0" }, out)
    end
  end
end)

-- --- output, descriptors, signals --------------------------------------------------------------------------------------

part("output", function()
  for _, verb in ipairs(EVERY) do
    local here = work .. "/here"
    attack.copy(ground, here)
    local speaks = attack.run(inside(here, verb[2] .. " 2>/dev/null")):find("%S")
    for _, how in ipairs(moments({ ">/dev/full", ">/dev/full 2>&1", ">&-", ">&- 2>&-", "2>&-", "<&-", "| true", "2>&1 | true" },
      { ">/dev/full", ">&- 2>&-", "| true" })) do
      attack.copy(ground, here)
      local out, code = attack.run(inside(here, ("{ %s; echo $? >code; } %s; cat code"):format(verb[2], how)))
      code = tonumber(out:match("(%d+)%s*$")) or code
      local faults = {}
      if not DOCUMENTED[code] then faults[1] = ("exit code %d"):format(code) end
      if speaks and how == ">/dev/full" and code == 0 then faults[#faults + 1] = "exit code 0, but the output is lost" end
      local content = attack.content(here .. "/c.db")
      if content ~= before and content ~= after[verb[1]] then faults[#faults + 1] = "the database is half changed" end
      attack.claim(("%s %s"):format(verb[1], how), faults, out)
    end
  end
end)

part("descriptors", function()
  for _, verb in ipairs(EVERY) do
    for _, n in ipairs(moments({ 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, { 3, 5, 7 })) do
      attack.copy(ground, work .. "/here")
      local out, code = attack.run(inside(work .. "/here", ("ulimit -n %d; %s"):format(n, verb[2])))
      if code ~= 127 and code ~= 126 then judge(("%d descriptors: %s"):format(n, verb[1]), verb[1], out, code, work .. "/here/c.db") end
    end
  end
end)

part("signals", function()
  for _, verb in ipairs(EVERY) do
    for _, signal in ipairs(moments({ "INT", "TERM", "HUP" }, { "TERM" })) do
      for _, seconds in ipairs(moments({ 0.002, 0.01, 0.02, 0.04, 0.08 }, { 0.01, 0.03 })) do
        attack.copy(ground, work .. "/here")
        local out, code = attack.run(inside(work .. "/here", ("timeout --preserve-status -s %s %g sh -c %s"):format(signal, seconds, sh.quote("exec " .. verb[2]:gsub("^cp.-&& ", "")))))
        local killed = code == 129 or code >= 128 and not out:find("%S") -- before it could say how it wants to be ended
        judge(("SIG%s after %g s: %s"):format(signal, seconds, verb[1]), verb[1], killed and "killed" or out, killed and 130 or code, work .. "/here/c.db")
        attack.claim(("after SIG%s: %s"):format(signal, verb[1]), attack.unsound(work .. "/here/c.db"))
      end
    end
  end
end)

-- --- memory ------------------------------------------------------------------------------------------------------------------

part("memory", function()
  for _, verb in ipairs(EVERY) do
    local here = work .. "/here"
    local command = verb[2]:gsub("^cp.-&& ", "")
    if command ~= verb[2] then attack.must(inside(ground, verb[2]:match("^cp.- && "):gsub(" && $", ""))) end
    -- Tries with the n-th allocation failing; true when the command does not ask for that many.
    local function try(n, silent)
      attack.copy(ground, here)
      local out, code = attack.run(inside(here, ("PARETO_ALLOC_FAIL=%d %s"):format(n, command)))
      if code == 0 and not out:find("memory") then
        local content = attack.content(here .. "/c.db")
        return content == after[verb[1]]
      end
      if not silent then
        local faults = {}
        if code ~= 1 then faults[1] = ("exit code %d"):format(code) end
        if not out:find("memory") then faults[#faults + 1] = "does not say that memory is out" end
        local content = attack.content(here .. "/c.db")
        if content ~= before and content ~= after[verb[1]] then faults[#faults + 1] = "the database is half changed" end
        attack.claim(("allocation %d fails: %s"):format(n, verb[1]), faults, out)
      end
    end
    -- Some that fail are done without; several in a row are none.
    local function beyond(n) return try(n, true) and try(n + 7, true) and try(n + n // 2, true) end
    local total = 1
    while total < 1 << 24 and not beyond(total) do total = total * 2 end
    local low = total // 2
    while total - low > 1 and total - low > total // 64 do
      local middle = (low + total) // 2
      if beyond(middle) then total = middle else low = middle end
    end
    local steps = math.min(STEPS, total)
    for i = 1, steps do
      try(total <= STEPS and i or 1 + (i - 1) * (total - 1) // math.max(steps - 1, 1))
    end
    print(("  %s: %d of %d allocations"):format(verb[1], steps, total))
  end
end)

-- --- all --------------------------------------------------------------------------------------------------------------------------

for _, name in ipairs(#arg > 0 and arg or order) do
  local f = parts[name]
  if not f then error("there is no part " .. name .. "; there are: " .. table.concat(order, ", "), 0) end
  f()
end
os.execute(("umount %s/disk 2>/dev/null; rm -rf %s"):format(work, work))
attack.finish()
