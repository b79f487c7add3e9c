-- Playbooks are read with names of their own as globals; what each means: `pareto api`.
std = "lua54"
max_line_length = 250
local playbook = {
  read_globals = {
    "playbook", "rulebook", "chain", "tests", "decide", "case", "property",
    "account", "accounts", "contact", "contacts", "staff", "partners", "products", "quotes", "visits", "activities",
    "complaints", "surveys", "segment", "metric", "metrics", "null", "task", "alert", "date", "money", "whatif", "acting",
    "reads", "signature", "signatures", "quote_lines", "offer",
  },
}
files["scripts"] = playbook
files["examples"] = playbook
files["stdlib"] = playbook
files["tests/bench"] = playbook
files["tests/hostile"] = { ignore = { ".*" } } -- attacks break rules on purpose
exclude_files = { "build" }
