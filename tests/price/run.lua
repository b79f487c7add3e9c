-- Random quotes of random policies, judged and approved in every way there is, then held against plain SQL that was
-- written from the rules alone: nothing granted below cost, nothing beyond authority, every sum to the minor unit.
--   QUOTES=200000 SEED=1 BUILD=build lua5.4 tests/price/run.lua
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../?.lua;" .. package.path
local sh = require "shell"
local build = sh.absolute(os.getenv("BUILD") or "build")
local count = tonumber(os.getenv("QUOTES")) or 3000
local seed = tonumber(os.getenv("SEED")) or 1
local pareto = ("env -u PARETO_DB PARETO_PATH=%s %s/pareto"):format(sh.quote(sh.absolute(here .. "/../../scripts")), build)
local temp = sh.capture("mktemp -d")
local db = temp .. "/pareto.db"

local freight_paid = seed % 4 > 0 -- or what is not recorded is not known
local state = seed * 2654435761 % 4294967296
local function random(n) -- 0 .. n - 1
  state = (state * 6364136223846793005 + 1442695040888963407)
  return math.floor((state >> 33) % n)
end
local function pick(list) return list[random(#list) + 1] end
local function maybe(percent, value) return random(100) < percent and tostring(value) or "NULL" end
local function text(value) return value and "'" .. value .. "'" or "NULL" end

local LEVEL = { "客户经理", "地市", "省", "总部" }
local REGION, TIER, LINE = { "上海", "江苏", "广东" }, { "A", "B", "C" }, { "硬件", "软件", "服务" }
local naccount, nproduct, nstaff = math.max(5, count // 5), 60, 40

local function writer(path)
  local f = assert(io.open(path, "w"))
  return function(fmt, ...) f:write(fmt:format(...), ";\n") end, f
end

-- Rows that nothing refuses go in by the hundred: SQLite compiles a table's triggers once for each statement.
local function bulk(sql)
  local waiting = {}
  local function flush(head)
    sql("%s VALUES%s", head, table.concat(waiting[head], ",\n"))
    waiting[head] = {}
  end
  return function(fmt, ...)
    local head, row = fmt:format(...):match("^(.-) VALUES(.*)$")
    waiting[head] = waiting[head] or {}
    table.insert(waiting[head], row)
    if #waiting[head] == 400 then flush(head) end
  end, function()
    local heads = {}
    for head, rows in pairs(waiting) do
      if #rows > 0 then heads[#heads + 1] = head end
    end
    table.sort(heads)
    for _, head in ipairs(heads) do flush(head) end
  end
end

-- Policies: an amount and a share that grow with the level, for some regions, tiers, lines, reasons, or all.
local function policies(sql)
  for level = 1, 4 do
    for _ = 1, 1 + random(3) do
      local percent = (2 + random(6)) * level
      sql("INSERT INTO authority(level, region, tier, product_line, reason, max_deal, max_percent, max_amount, from_day, to_day) VALUES('%s', %s, %s, %s, %s, %s, %.2f, %s, '%s', %s)",
        LEVEL[level], text(random(3) == 0 and pick(REGION) .. ", " .. pick(REGION)), text(random(3) == 0 and pick(TIER) .. "，" .. pick(TIER)),
        text(random(3) == 0 and pick(LINE) .. "," .. pick(LINE)), text(random(5) == 0 and "retention"),
        maybe(60, 10000000 * 10 ^ (level - 1) // 1 | 0), percent / 100, maybe(60, 300000 * 8 ^ (level - 1) // 1 | 0),
        pick { "2026-01-01", "2026-10-01", "2026-11-01" }, text(random(6) == 0 and "2026-10-20" ~= nil and pick { "2026-12-01", "2027-01-01" } or nil))
    end
  end
end

local function master(sql)
  if freight_paid then sql("INSERT INTO setting(name, value) VALUES('freight', 'customer')") end
  for i = 1, naccount do
    sql("INSERT INTO account(id, code, name, status, region, tier) VALUES(%d, 'C%06d', 'n%d', 'active', %s, %s)", i, i, i,
      text(random(20) > 0 and pick(REGION) or nil), text(random(20) > 0 and pick(TIER) or nil))
  end
  for i = 1, nstaff do
    sql("INSERT INTO staff(id, code, level, region, active) VALUES(%d, 'S%03d', %s, %s, %s)", i, i,
      text(random(12) > 0 and LEVEL[math.max(1, random(6) - 1)] or nil), text(random(4) > 0 and pick(REGION) or nil), maybe(90, random(12) > 0 and 1 or 0))
  end
  for _ = 1, 8 do
    sql("INSERT INTO delegation(staff, deputy, from_day, to_day) VALUES(%d, %d, '2026-10-%02d', %s)", 1 + random(nstaff), 1 + random(nstaff), 1 + random(28),
      text(random(2) == 0 and "2026-11-" .. string.format("%02d", 1 + random(28))))
  end
  for i = 1, nproduct do
    sql("INSERT INTO product(id, code, name, line) VALUES(%d, 'P%03d', 'p%d', %s)", i, i, i, text(random(15) > 0 and pick(LINE) or nil))
    if random(25) > 0 then -- some costs are missing, some stale
      sql("INSERT INTO cost(product, unit_cost, from_day) VALUES(%d, %d, '%s')", i, 500 + i * 100,
        random(25) > 0 and pick { "2026-09-01", "2026-09-20", "2026-10-01", "2026-10-10" } or "2026-05-01")
    end
    if random(3) == 0 then
      sql("INSERT INTO price(product, unit_price, from_day, region) VALUES(%d, %d, '2026-01-01', %s)", i, (500 + i * 100) * (100 + random(60)) // 100, text(random(3) == 0 and pick(REGION)))
    end
    if random(5) == 0 then sql("INSERT INTO volume(product, min_qty, discount, from_day) VALUES(%d, %d, 0.%02d, '2026-01-01')", i, 1 + random(50), random(30)) end
  end
  for i = 1, naccount, 3 do
    sql("INSERT INTO agreement(code, account, discount, rebate, payment_days, from_day, to_day) VALUES('AG%06d', %d, 0.%02d, %s, %s, '2026-01-01', %s)", i, i,
      random(20), maybe(30, "0.0" .. random(4)), maybe(30, random(90)), text(random(3) == 0 and "2026-10-01"))
  end
end

local function line(sql, quote, number)
  local product = 1 + random(nproduct)
  local cost = 500 + product * 100
  local list = cost * (120 + random(80)) // 100
  local net = random(60) == 0 and cost - 1 - random(cost) or math.max(cost - (random(40) == 0 and 1 or 0), list * (100 - random(pick { 3, 5, 9, 20 })) // 100)
  local qty = random(60) == 0 and pick { "0", "-5", "NULL", "0.5", "1000000000000" } or tostring(1 + random(pick { 6, 30, 120 }))
  if random(80) == 0 then list = pick { 0, 899999999999999, net // 2 } end
  if random(150) == 0 then net = pick { 0, 899999999999999 } end
  sql("INSERT INTO quote_line(quote, line_no, product, qty, list_price, net_price, unit_cost, freight) VALUES(%d, %d, %s, %s, %d, %d, %s, %s)", quote, number,
    maybe(99, product), qty, list, net, maybe(99, cost), maybe(15, random(3000)))
end

local function quotes(sql)
  for i = 1, count do
    local account = 1 + random(naccount)
    sql("INSERT INTO quote(id, code, account, requester, status, requested_on, reason, bundle, rebate, freight, payment_days, " ..
      "exception, exception_by, exception_evidence, exception_until) VALUES(%d, 'Q%07d', %s, %s, 'requested', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
      i, i, maybe(98, account), maybe(97, 1 + random(nstaff)), text(random(50) > 0 and "2026-10-" .. string.format("%02d", 1 + random(29))),
      text(random(8) == 0 and "retention"), maybe(12, random(40) == 0 and -5000 or random(20000)), maybe(8, "0.0" .. random(6)), maybe(10, random(5000)),
      maybe(10, random(90)), text(random(30) == 0 and "price-war"), maybe(50, 1 + random(nstaff)), text("their offer"), text(pick { "2026-10-20", "2026-12-31" }))
    for k = 1, random(25) == 0 and 0 or 1 + random(4) do line(sql, i, k) end
    if account and random(10) > 0 then sql("INSERT INTO offer(account, quote, kind, made) VALUES(%d, %d, 'training', '2026-10-01')", account, i) end
  end
end

-- What somebody with the sqlite3 shell may try: each statement alone, errors passed over.
local ATTACK = {
  function(q) return ("UPDATE quote SET status = 'approved', approver = %d, decided = '2026-10-%02d' WHERE id = %d"):format(1 + random(nstaff), 20 + random(10), q) end,
  function(q) return ("UPDATE quote SET status = 'granted', approver = %d, verdict = 'grant', decided = '2026-10-26' WHERE id = %d"):format(1 + random(nstaff), q) end,
  function(q) return ("UPDATE OR REPLACE quote SET status = 'requested', verdict = NULL WHERE id = %d"):format(q) end,
  function(q) return ("UPDATE quote_line SET net_price = net_price - 100 WHERE quote = %d"):format(q) end,
  function(q) return ("UPDATE OR REPLACE quote_line SET qty = qty * 10 WHERE quote = %d"):format(q) end,
  function(q) return ("UPDATE quote SET bundle = 100000 WHERE id = %d"):format(q) end,
  function(q) return ("UPDATE quote SET account = %d, approver = NULL WHERE id = %d"):format(1 + random(naccount), q) end,
  function(q) return ("INSERT OR REPLACE INTO quote(id, code, account, status, approver, decided, requested_on) VALUES(%d, 'Q%07d', 1, 'approved', 1, '2026-10-26', '2026-10-20')"):format(q, q) end,
  function(q) return ("DELETE FROM quote_line WHERE quote = %d"):format(q) end,
  function(q) return ("INSERT INTO quote_line(quote, product, qty, list_price, net_price, unit_cost) VALUES(%d, 1, 1, 1000, 1, 600)"):format(q) end,
  function(q) return ("UPDATE quote SET verdict = 'grant', decided = '2020-01-01' WHERE id = %d"):format(q) end,
  function(q) return ("UPDATE quote SET decided = '2026-08-01' WHERE id = %d"):format(q) end,
  function(q) return ("UPDATE signature SET answer = 'yes', staff = %d, signed = '2026-10-26', figures = 1 WHERE quote = %d"):format(1 + random(nstaff), q) end,
  function(q) return ("UPDATE quote SET status = 'won' WHERE id = %d"):format(q) end,
}

local passed, failed = 0, 0
local function claim(name, ok, detail)
  if ok then passed = passed + 1 else failed = failed + 1 end
  print(("%s  %s%s"):format(ok and "ok  " or "FAIL", name, ok and "" or "\n      " .. (detail or "")))
end

local function sqlite(path) return os.execute(("sqlite3 -batch %s <%s >%s/out 2>%s/errors"):format(sh.quote(db), path, temp, temp)) end
local function ask(query) return sh.capture(("sqlite3 -batch %s %s"):format(sh.quote(db), sh.quote(query))) end

local CHECK = sh.read(here .. "/check.sql")
local function check(when)
  local path = temp .. "/check.sql"
  sh.write(path, CHECK)
  local out = sh.capture(("sqlite3 -batch -separator ' | ' %s <%s"):format(sh.quote(db), path))
  for name in CHECK:gmatch("%-%- claim: ([^\n]+)") do
    local found = {}
    for row in out:gmatch("[^\n]+") do
      if row:sub(1, #name) == name then found[#found + 1] = row end
    end
    claim(when .. ": " .. name, #found == 0, (found[1] or "") .. (" … %d in all"):format(#found))
  end
end

os.execute(pareto .. " init --db " .. db .. " >/dev/null 2>&1")
local sql, file = writer(temp .. "/data.sql")
sql "BEGIN"
policies(sql)
local many, rest = bulk(sql)
master(many)
quotes(many)
rest()
sql "COMMIT"
file:close()
claim("the data go in", sqlite(temp .. "/data.sql"), sh.read(temp .. "/errors"))

-- What judging alone costs: the figures and the decision log, nothing else written; start-up included.
sh.write(temp .. "/judge-only.lua", [==[
return playbook {
  name = "judge-only", title = "Judge and log, write nothing", of = "quote", scope = "status = 'requested'",
  metrics = [[
    cost_age : d = max(lines.cost_age)
    worst    : ¥ = min(lines.net_price - lines.unit_cost)
    pocket   : % = pocket_margin(quote)
    breached     = known(floor_breach)
    covered      = known(covered_by)
  ]],
  tables = { verdict = [[
      first | breached | cost_age | worst | pocket | valid_exception | covered | own_authority || verdict
            | true     | -        | -     | -      | -               | -       | -             || refuse
            | -        | > 90d    | -     | -      | -               | -       | -             || refuse
            | -        | -        | < 0   | -      | -               | -       | -             || refuse
            | -        | -        | -     | < 0    | -               | -       | -             || refuse
            | -        | -        | -     | < 8%   | false           | -       | -             || refuse
            | -        | -        | -     | -      | -               | false   | -             || refuse
            | -        | -        | -     | -      | -               | -       | true          || grant
            | -        | -        | -     | -      | -               | -       | -             || escalate
      unknown |        |          |       |        |                 |         |               || refuse
  ]] },
  run = function(book) book.all:decide "verdict" end,
}
]==])
local spent = sh.capture(("bash -c 'cp %s %s/only.db; times >/dev/null; env -u PARETO_DB PARETO_PATH=%s %s/pareto run judge-only --db %s/only.db --as-of 2026-10-30 --yes --no-input >%s/only 2>&1; times'")
  :format(sh.quote(db), temp, temp, sh.quote(build), temp, temp))
local m1, s1, m2, s2 = spent:match("(%d+)m([%d.]+)s (%d+)m([%d.]+)s%s*$")
local seconds = m1 and m1 * 60 + s1 + m2 * 60 + s2 or 0
claim("judging alone logs every decision", sh.capture(("sqlite3 -batch %s/only.db 'SELECT count(DISTINCT row) FROM decisions'"):format(temp)):match("%d+") == tostring(count), sh.read(temp .. "/only"))
if seconds > 0 then print(("      %.2f s of CPU, %d quotes a second"):format(seconds, count // seconds | 0)) end

local begun = os.time()
local judged = os.execute(("%s run concession-judge --db %s --as-of 2026-10-30 --timeout 7200 --yes --no-input >%s/judged 2>&1"):format(pareto, db, temp))
claim(("%d quotes are judged in one run"):format(count), judged, sh.read(temp .. "/judged"):sub(-600))
print(("      %d s; %s"):format(os.time() - begun, ask("SELECT group_concat(verdict || ' ' || n, ', ') FROM (SELECT coalesce(verdict, 'none') AS verdict, count(*) AS n FROM quote GROUP BY 1)")))
claim("some are granted, some escalated, some refused", ask("SELECT count(DISTINCT verdict) FROM quote WHERE verdict IN ('grant', 'escalate', 'refuse')") == "3")
claim("every quote has a decision in the log", ask("SELECT count(DISTINCT row) FROM decisions WHERE entity = 'quote' AND tbl = 'verdict'") == tostring(count))
check "judged"

-- Those who wait are signed by whoever comes along, and approved when nobody is missing.
sql, file = writer(temp .. "/sign.sql")
sql "BEGIN"
for id in ask("SELECT id FROM signature ORDER BY step, id LIMIT 3000"):gmatch("%d+") do
  for _ = 1, 3 do
    sql("UPDATE signature SET answer = 'yes', staff = %d, signed = '2026-10-31', " ..
      "figures = (SELECT CAST(round(sum(l.net_price * l.qty)) AS INTEGER) FROM quote_line l WHERE l.quote = signature.quote) - coalesce((SELECT bundle FROM quote q WHERE q.id = signature.quote), 0) WHERE id = %s AND answer IS NULL",
      1 + random(nstaff), id)
  end
end
sql("COMMIT")
sql("BEGIN")
for id in ask("SELECT id FROM quote WHERE status = 'judged' ORDER BY id LIMIT 3000"):gmatch("%d+") do
  for _ = 1, 3 do sql("UPDATE quote SET status = 'approved', approver = %d, decided = '2026-10-31' WHERE id = %s AND status = 'judged'", 1 + random(nstaff), id) end
end
sql "COMMIT"
file:close()
sqlite(temp .. "/sign.sql")
print("      " .. ask("SELECT count(*) || ' approved by signatures' FROM quote WHERE approver IS NOT NULL AND status = 'approved'"))
check "signed"

sql, file = writer(temp .. "/attack.sql")
sql "BEGIN"
local attacks = math.min(count * 2, 20000)
for _ = 1, attacks do sql("%s", pick(ATTACK)(1 + random(count))) end
sql "COMMIT"
file:close()
sqlite(temp .. "/attack.sql")
local refused = select(2, sh.read(temp .. "/errors"):gsub("[^\n]+", ""))
claim("most attacks of the shell are refused", refused > attacks // 8, refused .. " refused")
check "attacked"

-- The waterfall, against the same sums in SQL.
os.execute(("%s query true --db %s --of quote_line --as-of 2026-10-31 --columns 'quote.code as q, line_no, list_amount, agreement_off, volume_off, asked_off, " ..
  "bundle_off, rebate_off, freight_off, terms_off, pocket, cost_amount' --format csv --output %s/lines.csv"):format(pareto, db, temp))
os.execute(("%s query true --db %s --of quote --as-of 2026-10-31 --columns 'code, list_amount, bundle_off, freight_off, pocket_price' --format csv --output %s/quotes.csv"):format(pareto, db, temp))
sh.write(temp .. "/sums.sql", ([[
.mode csv
ATTACH '%s' AS p;
.import %s/lines.csv l
.import %s/quotes.csv h
.mode list
CREATE TEMP TABLE u AS SELECT q, count(*) AS n, sum(CAST(round(list_amount * 100) AS INT)) AS list, sum(CAST(round(bundle_off * 100) AS INT)) AS bundle,
  sum(CAST(round(freight_off * 100) AS INT)) AS freight, sum(CAST(round(pocket * 100) AS INT)) AS pocket,
  sum(CAST(round((list_amount - agreement_off - volume_off - asked_off - bundle_off - rebate_off - freight_off - terms_off - pocket) * 100) AS INT)) AS left_over
  FROM l WHERE pocket <> '' GROUP BY q;
SELECT count(*) FROM u;
SELECT 'steps', count(*) FROM u WHERE left_over <> 0;
SELECT 'bundle', count(*) FROM u JOIN p.quote q ON q.code = u.q WHERE u.bundle <> coalesce(q.bundle, 0);
SELECT 'freight', count(*) FROM u JOIN p.quote q ON q.code = u.q WHERE u.freight <> coalesce(q.freight, 0) + (SELECT coalesce(sum(freight), 0) FROM p.quote_line x WHERE x.quote = q.id);
SELECT 'whole', count(*) FROM u JOIN h ON h.code = u.q WHERE CAST(round(h.pocket_price * 100) AS INT) <> u.pocket OR CAST(round(h.list_amount * 100) AS INT) <> u.list;
SELECT 'list', count(*) FROM u JOIN p.quote q ON q.code = u.q WHERE u.list <> (SELECT sum(CAST(round(x.list_price * x.qty) AS INT)) FROM p.quote_line x WHERE x.quote = q.id);
]]):format(db, temp, temp))
local sums = sh.capture(("sqlite3 -batch :memory: <%s/sums.sql 2>&1"):format(temp))
claim("waterfalls are known where nothing is missing", (tonumber(sums:match("^%d+")) or 0) * (freight_paid and 2 or 50) > count, sums)
for _, what in ipairs { "steps", "bundle", "freight", "whole", "list" } do
  claim("to the minor unit: " .. what, sums:find("\n" .. what .. "|0", 1, true) ~= nil, sums)
end
os.execute("rm -rf " .. sh.quote(temp))
print(sh.summary(passed, failed, 0))
os.exit(failed == 0 and 0 or 1)
