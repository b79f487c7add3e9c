#include "feel/check.h"

#include "base/lang.h"

#include "feel/window.h"

#include <string.h>

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

const HostField *measure_of(const HostField *f) {
  return !f ? NULL : f->kind == HOST_MEASURE ? f : f->kind == HOST_MANY ? f->measure : NULL;
}

/* The measure that an op stands for, under whatever it hangs on. */
static const HostField *measure_in(const Op *o) {
  switch ((OpKind)o->kind) {
    case K_FIELD: return o->type.kind == T_SERIES ? o->ref : NULL;
    case K_MANY: return measure_of(o->ref);
    case K_AT: case K_AT_ROWS: case K_EACH: case K_FLAT: return measure_in(o->kid[1]);
    default: return NULL;
  }
}

Op *measure_bare(Check *c, const Node *n, const Node *around) {
  Op *o = check_any(c, n);
  const HostField *f = o ? measure_in(o) : NULL;
  Str name = text_of(n), before = {0}, after = {0};
  if (around != n && around->src == n->src && n->at >= around->at && around->kind == N_BIN) {
    Str all = text_of(around);
    before = str_sub(all, 0, n->at - around->at);
    after = str_sub(all, n->at - around->at + n->len, all.n);
  }
  bool path = memchr(name.p, '.', name.n) != NULL;
  const char *of = f && f->about ? strstr(f->about, "of ") : NULL; /* "revenue of order lines" */
  if (of) check_fail(c, n, "%.*s is a history %s, not one figure: over which window?", STR_ARG(name), _(of));
  else check_fail(c, n, "%.*s is a history, not one figure: over which window?", STR_ARG(name));
  if (path)
    err_todo(c->e, "%.*ssum(%.*s, 12m)%.*s    %.*slast(%.*s)%.*s", STR_ARG(before), STR_ARG(name),
             STR_ARG(after), STR_ARG(before), STR_ARG(name), STR_ARG(after));
  else
    err_todo(c->e, "%.*s%.*s_12m%.*s    %.*ssum(%.*s, ytd)%.*s    %.*slast(%.*s)%.*s", STR_ARG(before),
             STR_ARG(name), STR_ARG(after), STR_ARG(before), STR_ARG(name), STR_ARG(after), STR_ARG(before),
             STR_ARG(name), STR_ARG(after));
  return NULL;
}

Op *check_window(Check *c, const Node *n) {
  Val v;
  if (n->kind == N_NAME && window_named(n->name, &v) && !sym_find(c->r, 0, n->name))
    return op_lit(c, n, v, type_of(T_WINDOW));
  Sym *arg = n->kind == N_NAME ? sym_find(c->r, 0, n->name) : NULL;
  bool span = arg && arg->as_span;
  Op *o = check_node(c, n);
  if (!o) return NULL;
  if (arg && o->kind == K_ARG) {
    arg->as_window = true;
    arg->as_span = span;
  }
  TypeKind k = o->type.kind;
  bool year = k == T_NUM && o->kind == K_LIT && !o->type.unit;
  if (k != T_WINDOW && k != T_MONTHS && k != T_SECS && k != T_ANY && !year) {
    Buf b = {0};
    type_say(c->r->host, o->type, &b);
    check_fail(c, n, "a window is needed here, this is %.*s", (int)b.n, b.p);
    buf_free(&b);
    err_todo(c->e, "windows: 12m 90d 4q 2y ytd last_month last_quarter last_year 2025 2025Q3 all");
    return NULL;
  }
  Day from, to;
  if (year && !window_days(o->lit, day_of(2026, 1, 1), &from, &to)) {
    Str what = text_of(n);
    check_fail(c, n, "%.*s what?", STR_ARG(what));
    err_todo(c->e, "write %.*sm, %.*sw or %.*sd; a year as a window is 1900 to 2199", STR_ARG(what), STR_ARG(what),
             STR_ARG(what));
    return NULL;
  }
  if (o->varies) return check_fail(c, n, "a window is the same for every row: an arg or a literal");
  return o;
}

static bool step_unit(const Node *n, StepUnit *out) {
  static const char *const name[] = {[STEP_DAY] = "day", [STEP_WEEK] = "week", [STEP_MONTH] = "month",
                                     [STEP_QUARTER] = "quarter", [STEP_YEAR] = "year"};
  for (int i = STEP_DAY; n->kind == N_NAME && i <= STEP_YEAR; i++)
    if (str_is(n->name, name[i])) {
      *out = (StepUnit)i;
      return true;
    }
  return false;
}

static const struct { const char *name; SeriesFn fn; bool window_needed, steps; } series_fn[] = {
    {"sum", SER_SUM, true, false},     {"count", SER_COUNT, true, false}, {"min", SER_MIN, true, true},
    {"max", SER_MAX, true, true},      {"first", SER_FIRST, false, false},{"last", SER_LAST, false, false},
    {"latest", SER_LAST, false, false},{"mean", SER_MEAN, true, true},    {"slope", SER_SLOPE, true, true},
    {"trend", SER_TREND, true, true},  {"stddev", SER_STDDEV, true, true},{"gap", SER_GAP, false, false},
    {"days_since", SER_SINCE, false, false}};

static Unit unit_of(SeriesFn fn, const HostField *f) {
  switch (fn) {
    case SER_COUNT: return UNIT_NONE;
    case SER_TREND: return UNIT_PERCENT;
    case SER_GAP: case SER_SINCE: return UNIT_DAYS;
    default: return f->type.unit;
  }
}

static Op *make_series(Check *c, const Node *n, SeriesFn fn, const HostField *f, Op *window, StepUnit step) {
  Op *o = op1(c, K_SERIES, n, type_num(unit_of(fn, f)), window);
  o->code = (uint8_t)fn;
  o->ref = f;
  o->num = (int32_t)step;
  return o;
}

/* A history of each of several rows: added up over them. */
static Op *over_rows(Check *c, const Node *n, SeriesFn fn, Op *each, Op *series) {
  static const struct { SeriesFn fn; const char *all; } join[] = {
      {SER_SUM, "sum"}, {SER_COUNT, "sum"}, {SER_MIN, "min"}, {SER_MAX, "max"}, {SER_SINCE, "min"}};
  for (size_t i = 0; i < sizeof join / sizeof *join; i++) {
    if (join[i].fn != fn) continue;
    Op *list = op2(c, K_EACH, n, type_list(c, series->type), each->kid[0], series);
    return call_func(c, n, func_find(str_of(join[i].all)), (Op *[]){list}, (const Node *[]){n}, 1);
  }
  check_fail(c, n, "%.*s does not add up over several rows", STR_ARG(n->name));
  err_todo(c->e, "sum, count, min and max do");
  return NULL;
}

static Op *hang_series(Check *c, const Node *n, SeriesFn fn, Op *at, Op *window, StepUnit step) {
  Op *series = make_series(c, n, fn, measure_in(at), window, step);
  if (at->kind == K_EACH || at->kind == K_FLAT) { /* flat: rows that are a history too, as orders are */
    Op *inner = at->kid[1];
    if (inner->kind == K_AT || inner->kind == K_AT_ROWS) series = op2(c, K_AT, n, series->type, inner->kid[0], series);
    return over_rows(c, n, fn, at, series);
  }
  if (at->kind == K_AT || at->kind == K_AT_ROWS) return op2(c, K_AT, n, series->type, at->kid[0], series);
  return series;
}

Op *check_series_call(Check *c, const Node *n, const Func *f, Op *measure) {
  size_t i = 0;
  while (i < sizeof series_fn / sizeof *series_fn && strcmp(series_fn[i].name, f->name) != 0) i++;
  if (i == sizeof series_fn / sizeof *series_fn) return measure_bare(c, n->kid[0], n->kid[0]);
  if (!measure_in(measure))
    return check_fail(c, n, "%s works on a measure itself, not on selected rows", f->name);
  StepUnit step = STEP_NONE;
  Op *window = NULL;
  if (n->nkid < 2) {
    if (series_fn[i].window_needed) return measure_bare(c, n->kid[0], n->kid[0]);
    window = op_lit(c, n, window_val(WINDOW_ALL, 0), type_of(T_WINDOW));
  } else if (!(window = check_window(c, n->kid[1]))) {
    return NULL;
  }
  if (n->nkid > 2) {
    if (!series_fn[i].steps || n->nkid > 3)
      return check_fail(c, n, "%s takes a measure and a window", f->name);
    if (!step_unit(n->kid[2], &step))
      return check_fail(c, n->kid[2], "the steps are day, week, month, quarter or year");
  } else if (series_fn[i].fn == SER_SLOPE || series_fn[i].fn == SER_TREND || series_fn[i].fn == SER_STDDEV) {
    step = STEP_MONTH;
  }
  name_met(c, text_of(n));
  return hang_series(c, n, series_fn[i].fn, measure, window, step);
}

Op *count_bare(Check *c, const Node *n) {
  Str name = text_of(n);
  check_fail(c, n, "%.*s are rows and a history: which is counted?", STR_ARG(name));
  err_todo(c->e, "count(%.*s, 12m) counts %.*s in a window; count(%.*s[…]) counts rows", STR_ARG(name),
           STR_ARG(name), STR_ARG(name));
  return NULL;
}

/* 12m 90d 4q 2y 6w, or the name of a window. */
static bool suffix_window(Str s, Val *out) {
  if (window_named(s, out)) return true;
  int64_t n = 0;
  size_t i = 0;
  for (; i < s.n && i < 5 && s.p[i] >= '0' && s.p[i] <= '9'; i++) n = n * 10 + (s.p[i] - '0');
  if (i == 0 || i + 1 != s.n || n == 0) return false;
  switch (s.p[i]) {
    case 'd': *out = val_days(n); return true;
    case 'w': *out = val_days(7 * n); return true;
    case 'm': *out = val_months(n); return true;
    case 'q': *out = val_months(3 * n); return true;
    case 'y': *out = val_months(12 * n); return true;
    default: return false;
  }
}

bool window_suffix(Str name, Str *measure, Str *suffix) {
  for (size_t i = name.n; i-- > 1;) {
    if (name.p[i] != '_') continue;
    Val w;
    *measure = str_sub(name, 0, i);
    *suffix = str_sub(name, i + 1, name.n);
    bool digits = suffix->n > 0 && suffix->n < 4;
    for (size_t k = 0; k < suffix->n; k++) digits = digits && suffix->p[k] >= '0' && suffix->p[k] <= '9';
    if (digits || suffix_window(*suffix, &w)) return true;
  }
  return false;
}

Op *shorthand(Check *c, const Node *n, int entity, Str name) {
  for (size_t i = 1; i + 1 < name.n; i++) {
    Val w;
    if (name.p[i] != '_' || !suffix_window(str_sub(name, i + 1, name.n), &w)) continue;
    const HostField *f = measure_of(host_field(c->r->host, entity, str_sub(name, 0, i)));
    if (!f) continue;
    return make_series(c, n, SER_SUM, f, op_lit(c, n, w, type_of_val(c->r, w, UNIT_NONE)), STEP_NONE);
  }
  return NULL;
}
