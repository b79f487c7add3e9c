/* The built-in functions: their tables as one, and which of a name's ways fits the arguments. */
#include "feel/std.h"

#include <string.h>

enum { MOST = 200 };

typedef struct Way {
  const Builtin *f;
  StdFunc func;        /* the function as a value */
  int n, least;        /* parameters; those that must be given */
  bool spread;         /* one list, or its items as arguments */
  bool rest;           /* the last parameter takes all further arguments, as a list */
  char letter[STD_PARAMS];
  bool nulls[STD_PARAMS];
  Str param[STD_PARAMS];
} Way;

static Way way[MOST];
static size_t ways;

static void parse_params(Way *w) {
  Str rest = str_of(w->f->params);
  while (rest.n && w->n < STD_PARAMS) {
    Str one = str_split(rest, ',', &rest);
    bool optional = one.p[0] == '?';
    if (optional) one = str_sub(one, 1, one.n);
    w->letter[w->n] = one.p[0];
    one = str_sub(one, 1, one.n);
    w->nulls[w->n] = one.p[0] == '!' || w->letter[w->n] == 'a';
    if (one.p[0] == '!') one = str_sub(one, 1, one.n);
    if (one.p[one.n - 1] == '*') w->spread = true, one.n--;
    if (one.p[one.n - 1] == '+') w->rest = true, one.n--;
    w->param[w->n++] = str_trim(one);
    if (!optional) w->least = w->n;
  }
}

static void add_ways(const Builtin *f, size_t n) {
  for (size_t i = 0; i < n && ways < MOST; i++) {
    Way *w = &way[ways++];
    *w = (Way){.f = &f[i]};
    w->func = (StdFunc){.name = str_of(f[i].name), .variadic = true};
    parse_params(w);
  }
}

static void all_ways(void) {
  if (ways) return;
  add_ways(std_text_table, std_text_n);
  add_ways(std_number_table, std_number_n);
  add_ways(std_list_table, std_list_n);
  add_ways(std_items_table, std_items_n);
  add_ways(std_time_table, std_time_n);
  add_ways(std_range_table, std_range_n);
  add_ways(std_context_table, std_context_n);
  add_ways(std_convert_table, std_convert_n);
}

static const Way *first_way(Str name) {
  all_ways();
  for (size_t i = 0; i < ways; i++)
    if (str_eq(name, way[i].func.name)) return &way[i];
  return NULL;
}

const Builtin *const *std_builtin_list(size_t *n) {
  static const Builtin *list[MOST];
  all_ways();
  for (size_t i = 0; i < ways; i++) list[i] = way[i].f;
  *n = ways;
  return list;
}

bool standard_is_builtin(Str name) { return first_way(name) != NULL; }

bool standard_builtin(Str name, Val *out) {
  const Way *w = first_way(name);
  if (w) *out = standard_func(&w->func);
  return w != NULL;
}

/* --- arguments */

static bool is_kind(char letter, Val v) {
  switch (letter) {
  case 'a': return true;
  case 'n': return val_is_num(v);
  case 's': return v.t == V_TEXT;
  case 'b': return v.t == V_BOOL;
  case 'd': return v.t == V_DATE;
  case 't': return v.t == V_TIME;
  case 'p': return v.t == V_DATE || v.t == V_DATETIME;
  case 'e': return v.t == V_DATE || v.t == V_DATETIME || v.t == V_TIME;
  case 'u': return v.t == V_SECS || v.t == V_MONTHS;
  case 'D': return v.t == V_SECS;
  case 'l': return v.t == V_LIST;
  case 'c': return v.t == V_CONTEXT;
  case 'r': return v.t == V_RANGE;
  case 'f': return v.t == V_FUNC;
  case 'q': return v.t != V_RANGE && v.t != V_LIST && v.t != V_CONTEXT && v.t != V_FUNC;
  default: return false;
  }
}

/* The argument as the parameter wants it: a list of one for its item, a value for the list of it. */
static bool fit(Standard *s, const Way *w, int i, Val v, Val *out) {
  *out = v;
  if (v.t == V_NULL) return w->nulls[i];
  if (is_kind(w->letter[i], v)) return true;
  if (w->letter[i] == 'l') {
    *out = std_list(s, &v, 1);
    return true;
  }
  if (v.t != V_LIST || v.n != 1) return false;
  *out = v.u.v[0];
  return out->t != V_NULL && is_kind(w->letter[i], *out);
}

static bool by_place(Standard *s, const Way *w, const Val *arg, size_t n, Val *out) {
  if (w->spread && n > 1) {
    *out = std_list(s, arg, n);
    return true;
  }
  if ((int)n < w->least || (!w->rest && (int)n > w->n)) return false;
  size_t plain = w->rest ? (size_t)w->n - 1 : n;
  for (size_t i = 0; i < plain; i++)
    if (!fit(s, w, (int)i, arg[i], &out[i])) return false;
  if (w->rest) out[plain] = std_list(s, arg + plain, n - plain);
  return true;
}

static bool by_name(Standard *s, const Way *w, const Val *arg, const Str *names, size_t n, Val *out) {
  bool given[STD_PARAMS] = {false};
  for (size_t i = 0; i < n; i++) {
    int at = 0;
    while (at < w->n && !str_eq(w->param[at], names[i])) at++;
    if (at == w->n || given[at] || !fit(s, w, at, arg[i], &out[at])) return false;
    if (w->rest && at == w->n - 1) out[at] = std_list(s, &out[at], 1);
    given[at] = true;
  }
  for (int i = 0; i < w->least; i++) /* what is not named is null */
    if (!given[i] && (!w->nulls[i] || (w->rest && i == w->n - 1))) return false;
  return true;
}

/* What was wrong, as far as one can say. */
static Val misfit(Standard *s, const Way *w, const Val *arg, size_t n) {
  Buf b = {0};
  if (!s->note) return val_null();
  for (size_t i = 0; i < n; i++) buf_printf(&b, "%s%s", i ? ", " : "", standard_kind(arg[i]));
  standard_null(s, "%s does not take (%s)", w->f->name, b.p ? b.p : "");
  buf_free(&b);
  return val_null();
}

Val std_builtin_call(Standard *s, Str name, const Val *arg, const Str *names, size_t n) {
  const Way *first = first_way(name);
  if (!first) return standard_null(s, "there is no function %.*s", STR_ARG(name));
  for (const Way *w = first; w < way + ways && str_eq(w->func.name, name); w++) {
    Val in[STD_PARAMS] = {{0}};
    if (n > STD_PARAMS && !w->spread && !w->rest) continue;
    if (names ? !by_name(s, w, arg, names, n, in) : !by_place(s, w, arg, n, in)) continue;
    size_t given = w->spread ? 1 : names ? (size_t)w->n : n;
    Val v = w->f->call(s, &w->func, in, given);
    return s->e->kind ? val_null() : v;
  }
  return misfit(s, first, arg, n);
}
