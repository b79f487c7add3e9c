-- The walls of the house: lua5.4 tests/lint/floors.lua [ROOT]. Reads the #include lines of vm/ and fails on an arrow that
-- points up, on a library outside its floor, on a source file of more than 600 lines, on a folder without README.md.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../?.lua;" .. package.path
local sh = require "shell"
local root = arg[1] or sh.absolute(here .. "/../..")

-- Which floors a floor may include, besides itself.
local BELOW = {
  base = "",
  ui = "base", feel = "base", model = "base",
  store = "base ui feel model",
  run = "base ui feel model store",
  lua = "base ui feel model store run",
  verb = "base ui feel model store run lua",
}
-- Which floors a library may be seen in.
local LIBRARIES = {
  { "^sqlite3", "store" },
  { "^lua%.h", "lua verb" }, { "^lauxlib%.h", "lua verb" }, { "^lualib%.h", "lua verb" },
  { "^readline/", "verb" },
  { "^expat", "feel store" },
  { "^minizip/", "store" }, { "^zip%.h", "store" }, { "^unzip%.h", "store" },
  { "^xlsxwriter", "ui" },
  { "^bid_", "base" },
  { "^nettle/", "base store run" },
}
local LONGEST = 600
local FOLDERS = "vm/base vm/ui vm/feel vm/model vm/store vm/run vm/lua vm/verb vm stdlib scripts examples tests"

local function has(words, word) return (" " .. words .. " "):find(" " .. word .. " ", 1, true) ~= nil end

local faults, checked = {}, 0
local function fault(text, ...) faults[#faults + 1] = text:format(...) end

local function check_include(path, floor, number, name)
  checked = checked + 1
  local other = name:match("^([^/]+)/") or ""
  if name:find("^%.%.?/") then
    fault('%s:%d: "%s": write the floor, as in "base/err.h"', path, number, name)
  elseif BELOW[other] and other ~= floor and not has(BELOW[floor], other) then
    fault("%s:%d: %s may not know %s (includes point down only)", path, number, floor, name)
  end
  for _, library in ipairs(LIBRARIES) do
    if name:find(library[1]) and not has(library[2], floor) then
      fault("%s:%d: <%s> belongs in %s only", path, number, name, (library[2]:gsub(" ", ", ")))
    end
  end
end

local function check_source(path)
  local floor, count = path:match("^vm/([^/]+)/"), 0
  checked = checked + 1
  for line in io.lines(root .. "/" .. path) do
    count = count + 1
    local name = line:match('^%s*#%s*include%s*[<"]([^>"]+)[>"]')
    if name and floor then
      if BELOW[floor] then
        check_include(path, floor, count, name)
      else
        fault("%s: vm/%s is no floor", path, floor)
      end
    end
  end
  if count > LONGEST and not path:find("^tests/hostile/") then -- an attack may be as long as it likes
    fault("%s: %d lines; above %d it has two subjects", path, count, LONGEST)
  end
end

local function find(arguments)
  local command = "cd " .. sh.quote(root) .. " && find " .. arguments .. " 2>/dev/null | sort"
  return sh.capture(command):gmatch("[^\n]+")
end

for path in find("vm examples tests stdlib scripts -type f -name '*.[ch]' -o -type f -name '*.lua'") do check_source(path) end
for folder in FOLDERS:gmatch("%S+") do
  local path = root .. "/" .. folder
  if sh.exists(path) and sh.capture("ls " .. sh.quote(path)) ~= "" then
    checked = checked + 1
    if not sh.exists(path .. "/README.md") then fault("%s: no README.md that says what lives here", folder) end
  end
end

for _, text in ipairs(faults) do print("FAIL  " .. text) end
print(sh.summary(math.max(0, checked - #faults), #faults, 0))
os.exit(#faults == 0 and 0 or 1)
