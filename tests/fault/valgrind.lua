-- lua5.4 tests/fault/valgrind.lua: the main path of every verb under valgrind: no error, and nothing lost for good but by
-- the child that a script runs in, which ends without tidying up.
local dir = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = dir .. "/../?.lua;" .. package.path
local attack = require "attack"
local sh, here, inside = attack.sh, attack.here, attack.inside

if attack.sanitized then
  attack.skip("valgrind", "a sanitizer and valgrind do not go together")
  attack.finish()
end

local work = attack.folder()
attack.company(work, { attack.IMPORT_ACCOUNTS, attack.IMPORT_ORDERS, here "backup earlier.db" })
attack.must(("cp %s/../../scripts/rfm* %s"):format(dir, work))

-- In this order, on one database. The last word: the exit code where it is not 0.
local COMMANDS = {
  { "plan tiers.lua" }, { "apply p-0001" }, { "history" }, { "show 3" }, { "why C0001 tier" }, { "whynot C0001 tier B" },
  { "diff p-0001" }, { "run send.lua --yes" }, { "outbox" }, { "undo 3 --yes" }, { "merge C0001 C0002 --yes" }, { "verify" },
  { "import accounts.csv --as account --max-errors 2 --yes", 6 }, { "import tiers.lua --as account", 1 }, { "list" }, { "help rules" }, { "help tiers.lua" },
  { "check tiers.lua" }, { "query \"sum(revenue, 6m) > 100\" --columns 'code, name, rank(sum(revenue, 6m))' --format xlsx --output q.xlsx" },
  { "eval 'accounts:top(3, \"sum(revenue, 6m)\"):show \"code, name\"'" }, { "eval 'while true do end' --timeout 3", 124 },
  { "eval '= sum(profit, 3x)'", 1 }, { "explain 'sum(revenue, 90d)'" }, { "export account --output out.csv" }, { "rebuild" }, { "set" },
  { "grant" }, { "test rfm_test.lua" }, { "whatif tiers.lua --list" }, { "backup copy.db" }, { "restore earlier.db --yes" },
  { "query \"tier = \"", 1 }, { "nonsense", 2 },
}

for _, command in ipairs(COMMANDS) do
  local words, wanted = command[1], command[2] or 0
  if attack.has(words:match "%l+") or wanted == 2 then
    local out, code = attack.run(inside(work, "echo $$ >pid; exec valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=none "
      .. "--show-leak-kinds=definite " .. here(words)))
    local faults = {}
    if code ~= wanted then faults[1] = "exit code " .. code end
    local pid = sh.read(work .. "/pid"):match "%d+"
    for who, what in out:gmatch "==(%d+)== ([^\n]*)\n==%d+==    at " do
      if who == pid or not what:find "definitely lost" then faults[#faults + 1] = what end
    end
    attack.claim("valgrind: " .. words, faults, out)
  end
end
os.execute("rm -rf " .. work)
attack.finish()
