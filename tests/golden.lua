-- Golden transcripts of the command line: lua5.4 tests/golden.lua [--update] FILE...
-- What a transcript is, and what its patterns mean: tests/README.md.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path
local sh = require "shell"

local LIMIT = 300 -- seconds one command may take before it counts as hung

-- A transcript as a list of blocks { head = lines before it, command = lines, expect = lines, status = N }.
local function parse(lines)
  local blocks, head, block = {}, {}, nil
  for _, line in ipairs(lines) do
    if line:match("^%$ ") then
      block = { head = head, command = { line:sub(3) }, expect = {}, status = 0 }
      blocks[#blocks + 1], head = block, {}
    elseif not block then
      head[#head + 1] = line
    elseif line:match("^> ?") and #block.expect == 0 then
      block.command[#block.command + 1] = line:gsub("^> ?", "")
    elseif line:match("^#: ") or line == "#:" then
      head[#head + 1] = line
    elseif line:match("^%[%d+%]$") then
      block.status = tonumber(line:match("%d+"))
    else
      block.expect[#block.expect + 1] = line
    end
  end
  for _, b in ipairs(blocks) do
    b.blank = 0
    while b.expect[#b.expect] == "" do b.expect[#b.expect], b.blank = nil, b.blank + 1 end
  end
  return blocks, head
end

local function escape(text) return (text:gsub("%p", "%%%0")) end

-- An expected line as a Lua pattern; nil when it is to be taken literally.
local function pattern(line)
  if not line:find("{{.-}}") then return nil end
  local out, at = "^", 1
  for before, pat, after in line:gmatch("()%{%{(.-)%}%}()") do
    out, at = out .. escape(line:sub(at, before - 1)) .. pat, after
  end
  return out .. escape(line:sub(at)) .. "$"
end

local function same(want, got)
  local pat = pattern(want)
  if pat then return got:find(pat) ~= nil end
  return want == got
end

-- Do the lines match from want[i], got[j] on? `...` stands for any number of lines.
local function matches(want, got, i, j)
  while i <= #want do
    if want[i] == "..." then
      for k = j, #got + 1 do
        if matches(want, got, i + 1, k) then return true end
      end
      return false
    end
    if j > #got or not same(want[i], got[j]) then return false end
    i, j = i + 1, j + 1
  end
  return j > #got
end

-- Common start and end stay, what lies between is shown as - expected, + printed.
local function difference(want, got)
  local out, i, last_w, last_g = {}, 1, #want, #got
  while i <= last_w and i <= last_g and same(want[i], got[i]) do i = i + 1 end
  while last_w > i and last_g > i and same(want[last_w], got[last_g]) do last_w, last_g = last_w - 1, last_g - 1 end
  for k = math.max(1, i - 2), i - 1 do out[#out + 1] = "      " .. got[k] end
  for k = i, last_w do out[#out + 1] = "    - " .. want[k] end
  for k = i, last_g do out[#out + 1] = "    + " .. got[k] end
  return table.concat(out, "\n")
end

local function environment(root, temp)
  local build = sh.absolute(os.getenv("BUILD") or "build")
  local env = {
    PATH = build .. ":" .. os.getenv("PATH"), HOME = temp .. "/home", TMPDIR = temp .. "/tmp",
    XDG_CONFIG_HOME = temp .. "/home/.config", XDG_DATA_HOME = temp .. "/home/.local/share",
    XDG_STATE_HOME = temp .. "/home/.local/state", XDG_CACHE_HOME = temp .. "/home/.cache",
    LANG = "C.UTF-8", TZ = "UTC", USER = "tester", LOGNAME = "tester", TERM = "dumb",
    PARETO_PATH = root .. "/scripts", TESTDATA = root .. "/tests/data", SHARED = sh.shared(root),
  }
  local words = { "env -i" }
  for name, value in pairs(env) do words[#words + 1] = name .. "=" .. sh.quote(value) end
  for _, name in ipairs { "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "PARETO_SANITIZED" } do
    if os.getenv(name) then words[#words + 1] = name .. "=" .. sh.quote(os.getenv(name)) end
  end
  return table.concat(words, " ")
end

-- Runs one command in its own sh; returns its lines and its exit status.
local function execute(block, env, temp)
  sh.write(temp .. "/command", table.concat(block.command, "\n") .. "\n")
  local _, how, code = os.execute(("cd %s && %s timeout -k 5 %d sh ../command >../output 2>&1 </dev/null"):format(
    sh.quote(temp .. "/work"), env, LIMIT))
  local lines = sh.lines(temp .. "/output")
  while lines[#lines] == "" do lines[#lines] = nil end
  return lines, how == "signal" and 128 + code or code
end

-- A printed line as an expected one: what would be read as something else becomes a pattern.
local function literal(line)
  if line:find("{{", 1, true) then return "{{" .. escape(line) .. "}}" end
  if line:find("^[$>#] ") or line:find("^#:") or line:find("^%[%d+%]$") or line == "..." then
    return "{{%" .. line:sub(1, 1) .. "}}" .. line:sub(2)
  end
  return line
end

local function rewrite(path, blocks, tail)
  local out = {}
  local function put(line) out[#out + 1] = line end
  for _, b in ipairs(blocks) do
    for _, line in ipairs(b.head) do put(line) end
    for i, line in ipairs(b.command) do put((i == 1 and "$ " or "> ") .. line) end
    for _, line in ipairs(b.expect) do put(line) end
    if b.status ~= 0 then put("[" .. b.status .. "]") end
    for _ = 1, b.blank do put("") end
  end
  for _, line in ipairs(tail) do put(line) end
  sh.write(path, table.concat(out, "\n") .. "\n")
end

-- Returns passed, failed, skipped.
local function transcript(path, update)
  local root = sh.absolute(here .. "/..")
  local blocks, tail = parse(sh.lines(path))
  local first = table.concat(blocks[1] and blocks[1].head or tail, "\n")
  if first:find("# needs shared", 1, true) and not sh.exists(sh.shared(root) .. "/data") then
    print(("skip  %s: no data at %s"):format(path, sh.shared(root)))
    return 0, 0, 1
  end
  local tool = first:match("# needs the program (%S+)")
  if tool and not os.execute("command -v " .. tool .. " >/dev/null") then
    print(("skip  %s: no %s here"):format(path, tool))
    return 0, 0, 1
  end
  local temp = sh.capture("mktemp -d")
  os.execute(("mkdir -p %s/work %s/home %s/tmp"):format(temp, temp, temp))
  local env = environment(root, temp)
  local passed, failed = 0, 0
  for _, b in ipairs(blocks) do
    local got, status = execute(b, env, temp)
    if matches(b.expect, got, 1, 1) and status == b.status then
      passed = passed + 1
    elseif update then
      b.expect, b.status = {}, status
      for i, line in ipairs(got) do b.expect[i] = literal(line) end
      b.blank = math.max(b.blank, 1)
    else
      failed = failed + 1
      print(("FAIL  %s: $ %s"):format(path, b.command[1]))
      if not matches(b.expect, got, 1, 1) then print(difference(b.expect, got)) end
      if status ~= b.status then print(("    exit status %d, expected %d"):format(status, b.status)) end
    end
  end
  os.execute("rm -rf " .. sh.quote(temp))
  if update then rewrite(path, blocks, tail) end
  if #blocks == 0 then
    print(("FAIL  %s: no command in it"):format(path))
    failed = 1
  end
  return passed, failed, 0
end

local update, files = false, {}
for _, a in ipairs(arg) do
  if a == "--update" then update = true else files[#files + 1] = a end
end
if #files == 0 then
  io.stderr:write("usage: lua5.4 tests/golden.lua [--update] tests/cli/NAME.txt ...\n")
  os.exit(2)
end
local sum = { 0, 0, 0 }
for _, path in ipairs(files) do
  local counts = { transcript(path, update) }
  for i = 1, 3 do sum[i] = sum[i] + counts[i] end
end
print(sh.summary(sum[1], sum[2], sum[3]))
os.exit(sum[2] == 0 and 0 or 1)
