-- A program on a terminal, for transcripts: lua5.4 tty.lua [-x COLUMNS] [-y LINES] COMMAND <STEPS
-- Types the steps, one a line, waits after each until the program asks again, and prints what stood on the screen.
--   text          typed, then Enter
--   + text        typed without Enter
--   @ KEY KEY     keys by tmux's names: Tab Up C-c M-Enter
--   @paste text   pasted (bracketed); \t and \n stand for the characters
--   @wait text    until this stands on the last line
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path
local sh = require "shell"

local PATIENCE = tonumber(os.getenv("PATIENCE")) or 60 -- seconds
local columns, lines, command = 100, 60, {}
local i = 1
while arg[i] do
  if arg[i] == "-x" then columns, i = tonumber(arg[i + 1]), i + 2
  elseif arg[i] == "-y" then lines, i = tonumber(arg[i + 1]), i + 2
  else command[#command + 1], i = arg[i], i + 1 end
end

local folder = sh.capture("mktemp -d")
local tmux = "tmux -S " .. folder .. "/socket -f /dev/null "
local function pane(what) return os.execute(tmux .. what .. " 2>/dev/null") end
local function sleep(seconds) os.execute("sleep " .. seconds) end

local function screen()
  local out = {}
  for line in (sh.capture(tmux .. "capture-pane -p -S - 2>/dev/null") .. "\n"):gmatch("(.-)\n") do
    out[#out + 1] = (line:gsub(" +$", ""))
  end
  while out[#out] == "" do out[#out] = nil end
  return out
end

-- A prompt with nothing typed, a question, or the end.
local function asks(line)
  return line:find("^ *%d+>$") or line:find("%? %[y%]es %[n%]o") or line:find("^ended %d+$")
end

local function wait(ready, step)
  for _ = 1, PATIENCE * 10 do
    local now = screen()
    if ready(now[#now] or "", now) then return end
    sleep(0.1)
  end
  print(("no answer to: %s"):format(step))
end

local function quiet(step)
  local before
  wait(function(_, now)
    local text = table.concat(now, "\n")
    local same = text == before
    before = text
    return same
  end, step)
end

sh.write(folder .. "/run", table.concat(command, " ") .. "\necho ended $?\nsleep 1000\n")
pane(("new-session -d -x %d -y %d %s"):format(columns, lines, sh.quote("sh " .. folder .. "/run")))
wait(asks, "the start")
for step in io.lines() do
  local keys, paste, until_text = step:match("^@ (.*)"), step:match("^@paste (.*)"), step:match("^@wait (.*)")
  if keys then
    for key in keys:gmatch("%S+") do
      pane("send-keys " .. key)
      sleep(0.05)
    end
    sleep(0.2)
    quiet(step)
  elseif paste then
    pane("set-buffer -- " .. sh.quote((paste:gsub("\\t", "\t"):gsub("\\n", "\n"))))
    pane("paste-buffer -p")
    sleep(0.2)
    quiet(step)
  elseif until_text then
    wait(function(last) return last:find(until_text, 1, true) end, step)
  elseif step:find("^%+ ") then
    pane("send-keys -l -- " .. sh.quote(step:sub(3)))
    sleep(0.1)
    quiet(step)
  else
    pane("send-keys -l -- " .. sh.quote(step))
    sleep(0.1)
    pane("send-keys Enter")
    sleep(0.1)
    wait(asks, step)
  end
end
print(table.concat(screen(), "\n"))
pane("kill-server")
os.execute("rm -rf " .. sh.quote(folder))
