/* The figures and rows of tests: grids of cells, cells as values, values against cells. */
#include "lua/test.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/value.h"

#include <string.h>

/* --- grids ------------------------------------------------------------------------ */

/* The next cell of a line, up to | outside quotes and brackets. *bars: how many bars ended it. */
static Src next_cell(Src *line, int *bars) {
  Str s = line->text;
  char quote = 0;
  int depth = 0;
  size_t i = 0;
  for (; i < s.n; i++) {
    char c = s.p[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if ((c == '\'' || c == '"') && (i == 0 || s.p[i - 1] == ' ')) {
      quote = c;
    } else if (c == '{') {
      depth++;
    } else if (c == '}') {
      depth--;
    } else if (c == '|' && depth <= 0) {
      break;
    }
  }
  Src cell = src_sub(line, 0, i);
  *bars = 0;
  while (i < s.n && s.p[i] == '|' && *bars < 2) i++, ++*bars;
  *line = src_sub(line, i, s.n);
  size_t lead = 0;
  while (lead < cell.text.n && (cell.text.p[lead] == ' ' || cell.text.p[lead] == '\t')) lead++;
  cell = src_sub(&cell, lead, cell.text.n);
  cell.text = str_trim(cell.text);
  return cell;
}

typedef struct Lines {
  Src rest;
  bool done;
} Lines;

/* The next line that is neither blank nor a comment; a // comment at its end is cut off. */
static bool next_line(Lines *l, Src *out) {
  while (!l->done) {
    const char *nl = memchr(l->rest.text.p ? l->rest.text.p : "", '\n', l->rest.text.n);
    size_t n = nl ? (size_t)(nl - l->rest.text.p) : l->rest.text.n;
    Src line = src_sub(&l->rest, 0, n);
    l->done = !nl;
    if (nl) l->rest = src_sub(&l->rest, n + 1, l->rest.text.n);
    for (size_t i = 0; i + 1 < line.text.n; i++)
      if (line.text.p[i] == '/' && line.text.p[i + 1] == '/' && (i == 0 || line.text.p[i - 1] == ' ')) line = src_sub(&line, 0, i);
    size_t lead = 0;
    while (lead < line.text.n && (line.text.p[lead] == ' ' || line.text.p[lead] == '\t')) lead++;
    line = src_sub(&line, lead, line.text.n);
    line.text = str_trim(line.text);
    if (line.text.n) {
      *out = line;
      return true;
    }
  }
  return false;
}

static size_t cells_of(Src line, Arena *a, Src **out, size_t *nin) {
  Src *cell = arena_alloc(a, (line.text.n + 2) * sizeof *cell);
  size_t n = 0;
  int bars = 1;
  *nin = 0;
  while (bars) {
    cell[n++] = next_cell(&line, &bars);
    if (bars == 2) *nin = n;
  }
  *out = cell;
  return n;
}

bool test_grid(const Src *text, Arena *a, TestGrid *out, Err *e) {
  Lines l = {.rest = *text}, count = {.rest = *text};
  Src line;
  size_t lines = 0;
  *out = (TestGrid){0};
  while (next_line(&count, &line)) lines++;
  if (!next_line(&l, &line)) return src_err(e, text, 0, 1, "a grid needs a heading");
  out->ncol = cells_of(line, a, &out->head, &out->nin);
  if (!out->nin) out->nin = out->ncol;
  out->cell = arena_alloc(a, lines * out->ncol * sizeof *out->cell);
  while (next_line(&l, &line)) {
    Src *cell;
    size_t nin, n = cells_of(line, a, &cell, &nin);
    if (n != out->ncol)
      return src_err(e, &line, 0, line.text.n, "%zu cells where the heading has %zu", n, out->ncol);
    if (nin && nin != out->nin)
      return src_err(e, &line, 0, line.text.n, "|| stands after cell %zu here, after cell %zu in the heading", nin, out->nin);
    memcpy(&out->cell[out->nrow++ * out->ncol], cell, n * sizeof *cell);
  }
  return true;
}

/* --- values ------------------------------------------------------------------------ */

static Str unquoted(Str s) {
  bool quoted = s.n >= 2 && (s.p[0] == '\'' || s.p[0] == '"') && s.p[s.n - 1] == s.p[0];
  return quoted ? str_sub(s, 1, s.n - 1) : s;
}

/* Figures as reports show them: without the sign of the currency and the commas between thousands. */
static Str figure_of(Str s, Arena *a) {
  static const char *const sign[] = {"¥", "￥", "$", "€", "£"};
  for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
    if (str_starts(s, sign[i])) s = str_trim(str_sub(s, strlen(sign[i]), s.n));
  char *plain = arena_alloc(a, s.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    bool thousands = s.p[i] == ',' && i > 0 && i + 3 < s.n && strspn(s.p + i + 1, "0123456789") == 3;
    if (!thousands) plain[n++] = s.p[i];
  }
  return (Str){plain, n};
}

/* "硬件, 服务" under a column that is a list; one that is written with brackets is a rule. */
static bool list_value(const Src *cell, Type type, Arena *a, Val *out, Err *e) {
  Type one = type.of ? *type.of : (Type){.kind = T_ANY, .unit = type.unit};
  Val *v = arena_alloc(a, (cell->text.n + 1) * sizeof *v);
  size_t n = 0;
  for (Str rest = cell->text; rest.p;) {
    Str part = str_split(rest, ',', &rest);
    Src src = *cell;
    src.text = str_trim(part);
    if (!test_value(&src, one, a, &v[n++], e)) return false;
  }
  *out = val_list(v, n);
  return true;
}

bool test_value(const Src *cell, Type type, Arena *a, Val *out, Err *e) {
  Str s = cell->text;
  Unit unit;
  *out = val_null();
  if (!s.n || str_is(s, "null")) return true;
  if (type.kind == T_TEXT) {
    *out = val_text(unquoted(s));
    return true;
  }
  if (type.kind == T_LIST && s.p[0] != '[') return list_value(cell, type, a, out, e);
  if (type.kind == T_NUM) s = figure_of(s, a);
  if (str_is(s, "true") || str_is(s, "false")) {
    *out = val_bool(s.p[0] == 't');
    return true;
  }
  if (str_is(s, "never")) {
    *out = val_never();
    return true;
  }
  if (type.kind == T_ROW) {
    *out = val_text(unquoted(s));
    return true;
  }
  if (!value_literal(s, a, out, &unit)) {
    bool text = type.kind == T_ANY || s.p[0] == '\'' || s.p[0] == '"';
    if (!text) return src_err(e, cell, 0, s.n, "%.*s is no %s", STR_ARG(s), _(type_name(type.kind)));
    *out = val_text(unquoted(s));
  }
  int64_t days;
  if (type.kind == T_NUM && out->t == V_WINDOW && !num_parse(s, out, a)) *out = val_null(); /* 2026 is a year elsewhere */
  if (type.kind == T_SECS && out->t == V_NUM && num_int(*out, &days)) *out = val_days(days);
  if (type.kind == T_NUM && out->t == V_SECS && out->u.i % 86400 == 0) *out = val_int(out->u.i / 86400);
  return true;
}

bool test_matches(const Src *cell, Type type, Val v, Arena *a) {
  Val want;
  Err e = {0};
  if (str_is(cell->text, "-")) return true;
  if (!test_value(cell, type, a, &want, &e)) {
    err_free(&e);
    return false;
  }
  if (want.t == V_NULL || v.t == V_NULL) return want.t == v.t;
  if (val_is_num(want) && val_is_num(v)) {
    if (want.t == V_NUM && want.e < 0) v = num_round(v, -want.e, NUM_HALF_UP, a);
    return num_cmp(want, v) == 0;
  }
  if (want.t == V_TEXT && v.t == V_TEXT) return str_eq(val_str(want), val_str(v));
  if (want.t == V_TEXT) { /* another kind of value, as it reads */
    Buf b = {0};
    fmt_data(v, &b);
    bool same = str_eq(buf_view(&b), val_str(want));
    buf_free(&b);
    return same;
  }
  return val_order(want, v) == 0;
}

void test_show(TestRun *t, Val v, Type type, Buf *out) {
  FmtEnv env = store_host(t->store)->fmt;
  env.null = "null";
  env.cell = false;
  fmt_val(v, type.unit, FMT_NONE, &env, out);
}

Type test_field_type(TestRun *t, int entity, Str name) {
  const FeelHost *h = store_host(t->store);
  const HostField *f = h->field(h->ctx, entity, name);
  if (!f) return (Type){.kind = T_ANY};
  if (f->kind == HOST_ONE) return (Type){.kind = T_ROW, .entity = f->target};
  return f->type;
}

int64_t test_row(TestRun *t, Str code) {
  int entity = rules_entity(playbook_rules(t->book));
  int64_t id = store_find(t->store, catalog_at((size_t)entity - 1), code);
  if (!id) test_fault(t, "there is no %s %.*s", catalog_at((size_t)entity - 1)->name, STR_ARG(code));
  return id;
}

bool test_eval(TestRun *t, const Src *rule, const int64_t *id, size_t n, Val *out, Type *type, Err *e) {
  if (!playbook_check(t->book, t->store, e)) return false;
  Expr *x = rules_expr(playbook_rules(t->book), NULL, *rule, WANT_ANY, NULL, 0, e);
  if (!x) return false;
  Eval *ev = eval_new(playbook_rules(t->book), t->asof);
  bool ok = eval_expr(ev, x, id, n, out, e);
  for (size_t i = 0; ok && i < n; i++) out[i] = val_copy(out[i], &t->arena);
  *type = expr_type(x);
  type->of = NULL;
  type->domain = NULL;
  eval_free(ev);
  return ok;
}
