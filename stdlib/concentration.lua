-- How much of a figure the largest rows hold. Adds a verb to all sets.
local lent = ...
local sets, frame, literals = lent.sets, lent.frame, lent.literals
local floor = math.floor

-- The sum of values[from..to]; money stays money.
local function total(values, from, to)
  local sum = values[from]
  for i = from + 1, to do sum = sum + values[i] end
  return sum
end

-- set:shares("revenue_12m", "1%, 5%, 20%")  what the largest part of the set brings of all.
-- Rows without the figure are left out. The largest p of n rows are the first p × n, rounded.
function sets.shares(set, value, parts)
  local values = set:top(#set, value):values(value)
  local n, rows = #values, {}
  local all = n > 0 and total(values, 1, n)
  for i, part in ipairs(literals(parts)) do
    if part < 0 or part > 1 then error("a part of the set is from 0% to 100%", 2) end
    local most = floor(part * n + 0.5)
    local held = most > 0 and total(values, 1, most) or nil
    rows[i] = { part, most, held or null, held and held / all or null }
  end
  return frame({
    { title = "largest", format = "%.0" },
    { title = "how many" },
    { title = value },
    { title = "share", format = "%.2" },
  }, rows)
end
