-- The sqlite3 shell as an attacker: each statement of shell.sql is tried on a copy of a database with runs in its log. It
-- has to be refused and change nothing, or `pareto verify` has to find it.
local dir = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = dir .. "/../?.lua;" .. package.path
local attack = require "attack"
local sh = attack.sh

local work = attack.folder()
local ground, db = work .. "/ground.db", work .. "/h.db"

local BOOK = [[
return playbook {
  name = "tiers",
  writes = { "account.tier", "segment:x", "task" },
  tables = { t = "first | code || tier | why\n | - || A | {name}" },
  run = function(book)
    accounts:decide "t"
    segment("x"):becomes(accounts)
    task { account = "C0001", title = "x" }
  end,
}
]]

-- A company with a past: two runs, a segment, decisions.
local function prepare()
  attack.must(attack.pareto .. " init --db " .. ground)
  attack.must(("sqlite3 %s < %s/seed.sql"):format(ground, dir))
  attack.must(attack.verb(ground, "verify --adopt --yes"))
  sh.write(work .. "/tiers.lua", BOOK)
  for _ = 1, 2 do attack.must(attack.verb(ground, "run --yes " .. work .. "/tiers.lua")) end
  attack.must(attack.verb(ground, "verify"))
  attack.must(("sqlite3 %s 'PRAGMA wal_checkpoint(TRUNCATE)'"):format(ground))
end

local function try(statement, want)
  attack.must(("rm -f %s*; cp %s %s"):format(db, ground, db))
  local before = attack.dump(db)
  local out, code = attack.run(("printf '%%s\\n' %s | sqlite3 -batch -bail %s"):format(sh.quote(statement), db))
  local same = attack.dump(db) == before
  if same and (code ~= 0 or want == "nothing") then return {}, out end
  if want == "refused" then return { same and "not refused" or "it was carried out" }, out end
  local found, verify = attack.run(attack.verb(db, "verify"))
  if verify == 1 then return {}, found end
  return { ("carried out, and verify ends with %d"):format(verify) }, out .. found
end

prepare()
local want
for line in sh.read(dir .. "/shell.sql"):gmatch("[^\n]+") do
  local heading = line:match("^%-%- (%l+):")
  if heading then
    want = heading
  elseif not line:find("^%-%-") then
    if want == "found" and not attack.has "verify" then
      attack.skip("shell: " .. line, "pareto has no verb verify")
    else
      attack.claim("shell: " .. line, try(line, want))
    end
  end
end
os.execute("rm -rf " .. work)
attack.finish()
