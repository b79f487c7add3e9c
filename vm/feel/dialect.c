#include "feel/dialect.h"

#include "feel/std.h"

static const DialectDifference differences[] = {
    {"where", "playbooks, filters, the session", ".dmn files, pareto decide"},
    {"types", "known before it runs; an error of types is one",
     "found while it runs; a type error gives null"},
    {"null", "any comparison with it is null but = null, != null",
     "= and != compare it too: null = 1 is false"},
    {"unknown name", "an error with a suggestion", "null"},
    {"names", "one word in any script: starts_with", "may hold blanks and signs: starts with"},
    {"numbers", "15%  50万  1.2亿 beside plain ones", "plain ones"},
    {"dates", "2026-11-01", "@\"2026-11-01\", date(\"2026-11-01\")"},
    {"durations", "90d 6w 12m 4q 2y 8h 45min, and windows", "@\"P90D\", duration(\"P12M\"); no windows"},
    {"text", "in ' or \" on one line; compared by <, >= only when ranked",
     "in \" only; compared by <, >= as text"},
    {"signs", "full-width ones and ≥ ≤ ≠ read as the plain ones", "plain ones"},
    {"negation", "not x, x not in …, x is unknown", "not(x)"},
    {"cells", "bare words under a text column are values", "texts stand in quotes"},
    {"?", "behind a heading: null misses its cells", "the value that a unary test is about"},
    {"lists", "a value is no list of one", "a value and a list of one stand for each other as arguments"},
    {"contexts", "row.field of related rows", "{ name: value }, their functions, context<…> types"},
    {"functions", "of values, series, sets, rows (pareto help rules)",
     "of values; function(x) x + 1 makes one"},
    {"sum, max of none", "0 for a flow where no row is", "null"},
    {"dates and times", "dates", "also times, dates and times, offsets, zones (@Europe/Paris)"},
    {"instance of", "known to the checker", "asks a value for its type"},
    {"today", "as-of", "today() and now() are as the host gives them"},
};

const DialectDifference *dialect_differences(size_t *n) {
  *n = sizeof differences / sizeof *differences;
  return differences;
}

static void parameter(Str p, Buf *out) {
  bool optional = p.p[0] == '?';
  p = str_sub(p, optional ? 2 : 1, p.n);
  if (p.n && p.p[0] == '!') p = str_sub(p, 1, p.n);
  bool more = p.n && (p.p[p.n - 1] == '+' || p.p[p.n - 1] == '*');
  if (more) p.n--;
  buf_str(out, p);
  if (more) buf_puts(out, "…");
  if (optional) buf_char(out, '?');
}

const char *dialect_function(size_t i, Buf *usage) {
  size_t n;
  const Builtin *const *list = std_builtin_list(&n);
  if (i >= n) return NULL;
  buf_printf(usage, "%s(", list[i]->name);
  Str rest = str_of(list[i]->params);
  for (bool first = true; rest.n; first = false) {
    Str one = str_split(rest, ',', &rest);
    if (!first) buf_puts(usage, ", ");
    parameter(one, usage);
  }
  buf_char(usage, ')');
  return list[i]->about;
}
