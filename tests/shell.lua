-- What the test scripts need of the system: files, quoting, the places of things.
local sh = {}

function sh.quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

function sh.exists(path)
  return os.execute("test -e " .. sh.quote(path)) == true
end

-- The output of a command, without its last newline.
function sh.capture(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read("a")
  pipe:close()
  return (text:gsub("\n$", ""))
end

function sh.lines(path)
  local out = {}
  for line in assert(io.open(path, "rb")):lines() do out[#out + 1] = line end
  return out
end

function sh.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

function sh.write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

-- The names a shell pattern stands for, sorted; none when nothing matches.
function sh.glob(pattern)
  local out = {}
  for name in sh.capture("for f in " .. pattern .. "; do [ -e \"$f\" ] && echo \"$f\"; done"):gmatch("[^\n]+") do
    out[#out + 1] = name
  end
  return out
end

function sh.absolute(path)
  return sh.capture("realpath -m " .. sh.quote(path))
end

-- Where real data that is not ours to ship may lie: beside the clone, or where PARETO_SHARED says.
function sh.shared(root)
  return os.getenv("PARETO_SHARED") or sh.absolute(root .. "/../shared")
end

function sh.summary(passed, failed, skipped)
  local text = ("%d passed, %d failed"):format(passed, failed)
  if skipped > 0 then text = text .. (", %d skipped"):format(skipped) end
  return text
end

return sh
