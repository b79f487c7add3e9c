-- Plants one violation at a time in a small house of its own and expects floors.lua to name it.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../?.lua;" .. package.path
local sh = require "shell"

local passed, failed = 0, 0

-- files: path = text. fault: a pattern that the output must hold; nil when the house is sound.
local function house(claim, files, fault)
  local root = sh.capture("mktemp -d")
  for path, text in pairs(files) do
    os.execute("mkdir -p " .. sh.quote(root .. "/" .. path:match("^(.*)/")))
    sh.write(root .. "/" .. path, text)
  end
  for folder in sh.capture(("cd %s && find . -mindepth 1 -type d"):format(root)):gmatch("[^\n]+") do
    if not (fault and fault:find("README")) then sh.write(root .. "/" .. folder .. "/README.md", "what lives here\n") end
  end
  local pipe = io.popen(("lua5.4 %s/floors.lua %s"):format(here, root))
  local text = pipe:read("a")
  local sound = pipe:close() == true
  os.execute("rm -rf " .. sh.quote(root))
  if sound == (fault == nil) and (not fault or text:find(fault)) then
    passed = passed + 1
  else
    failed = failed + 1
    print("FAIL  " .. claim .. "\n" .. text)
  end
end

house("a house in order is left alone", {
  ["vm/run/run.c"] = '#include "run/run.h"\n#include "store/store.h"\n#include "base/err.h"\n#include <stdio.h>\n',
  ["vm/store/store.c"] = "#include <sqlite3.h>\n",
  ["vm/lua/state.c"] = '#include <lua.h>\n#include "run/run.h"\n',
})
house("an arrow that points up is found", { ["vm/feel/parse.c"] = 'int a;\n#include "store/store.h"\n' },
  "vm/feel/parse%.c:2: feel may not know store")
house("neighbours on one floor do not know each other", { ["vm/ui/table.c"] = '#  include "feel/ast.h"\n' },
  "vm/ui/table%.c:1: ui may not know feel")
house("a header counts as much as a source", { ["vm/base/err.h"] = '#include "run/run.h"\n' }, "base may not know run")
house("a detour through .. is found", { ["vm/feel/parse.c"] = '#include "../store/store.h"\n' }, "write the floor")
house("SQLite stays in store", { ["vm/run/plan.c"] = "#include <sqlite3.h>\n" }, "<sqlite3%.h> belongs in store only")
house("Lua stays in lua and verb", { ["vm/run/plan.c"] = '#include "lauxlib.h"\n' }, "belongs in lua, verb only")
house("the workbook writer stays in ui", { ["vm/verb/query.c"] = "#include <xlsxwriter.h>\n" }, "belongs in ui only")
house("a ninth floor is found", { ["vm/util/misc.c"] = '#include "base/err.h"\n' }, "vm/util is no floor")
house("a long file is found", { ["vm/base/str.c"] = ("int x;\n"):rep(601) }, "601 lines")
house("a folder without a README is found", { ["vm/base/str.c"] = "int x;\n" }, "vm/base: no README%.md")

print(sh.summary(passed, failed, 0))
os.exit(failed == 0 and 0 or 1)
