/* A second evaluator of rules: row by row, over the syntax tree, in long doubles,
 * as slow and as obvious as can be. It knows the fake host from inside. */
#ifndef FEEL_ORACLE_H
#define FEEL_ORACLE_H
#include "feel_oracle_value.h"

static O o_eval(const Here *h, const Node *n);

/* --- names ---------------------------------------------------------------- */

/* Has row i of an entity not happened yet? */
static bool o_later(const Here *h, int entity, size_t i) {
  const FakeEntity *t = &h->w->f->entity[entity];
  for (int k = 0; k < t->nfield; k++)
    if (str_eq(t->field[k].host.name, t->info.day))
      return t->field[k].now[i].t == V_DATE && t->field[k].now[i].u.i >= h->asof;
  return false;
}

static O o_member(const Here *h, int entity, int64_t id, Str name) {
  Fake *f = h->w->f;
  const HostField *field = fake_cb_field(f, entity, name);
  assert_non_null(field);
  const FakeField *x = (const FakeField *)(const void *)field;
  if (field->kind == HOST_MEASURE) return (O){.k = O_MEASURE, .entity = entity, .id = id, .field = x};
  if (field->kind != HOST_MANY) {
    Val v;
    Err e = {0};
    fake_cb_column(f, entity, field, h->asof, &id, 1, &h->w->arena, &v, &e);
    return o_of(h->w, v);
  }
  const FakeEntity *t = &f->entity[field->target];
  O *rows = arena_alloc(&h->w->arena, (t->n + 1) * sizeof *rows);
  size_t n = 0;
  for (size_t i = 0; i < t->n; i++) {
    Val back = t->field[x->back].now[i];
    if (back.t == V_ROW && back.u.i == id && !o_later(h, field->target, i))
      rows[n++] = (O){.k = O_ROW, .entity = field->target, .id = t->id[i]};
  }
  return (O){.k = O_LIST, .list = rows, .len = n};
}

static O o_name(const Here *h, Str name) {
  if (str_is(name, "as_of")) return (O){.k = O_DATE, .n = h->asof};
  if (str_is(name, "this")) {
    const Here *at = h->outer ? h->outer : h;
    return (O){.k = O_ROW, .entity = at->entity, .id = at->id};
  }
  for (const OVar *v = h->var; v; v = v->up)
    if (str_eq(v->name, name)) return v->value;
  for (size_t i = 0; i < h->w->ndef; i++) {
    if (!str_is(name, h->w->def[i].name) || (h->entity != ACCOUNT && !h->w->def[i].arg)) continue;
    Here own = {.w = h->w, .asof = h->asof, .entity = ACCOUNT, .id = h->id};
    return o_eval(&own, h->w->def[i].rule);
  }
  if (fake_cb_field(h->w->f, h->entity, name)) return o_member(h, h->entity, h->id, name);
  if (str_is(name, "age")) {
    O day = o_member(h, h->entity, h->id, h->w->f->entity[h->entity].info.day);
    return day.k == O_DATE ? o_num(h->asof - day.n) : o_null();
  }
  int all = fake_cb_entity(h->w->f, name);
  if (all) {
    const FakeEntity *e = &h->w->f->entity[all];
    O *rows = arena_alloc(&h->w->arena, (e->n + 1) * sizeof *rows);
    for (size_t i = 0; i < e->n; i++) rows[i] = (O){.k = O_ROW, .entity = all, .id = e->id[i]};
    return (O){.k = O_LIST, .list = rows, .len = e->n};
  }
  Val win;
  if (window_named(name, &win)) return o_of(h->w, win);
  fail_msg("the oracle does not know %.*s", STR_ARG(name));
  return o_null();
}

static O o_path(const Here *h, O base, Str name) {
  if (base.k == O_ROW) return o_member(h, base.entity, base.id, name);
  if (base.k == O_NULL) { /* rows of nothing are none; nothing else is known */
    static const char *const many[] = {"lines", "contacts", "quotes", "complaints", "visits", "accounts"};
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
      if (str_is(name, many[i])) return o_list(h->w, NULL, 0);
    return o_null();
  }
  assert_int_equal(base.k, O_LIST);
  O *out = arena_alloc(&h->w->arena, 4096 * sizeof *out);
  size_t n = 0;
  for (size_t i = 0; i < base.len; i++) {
    O one = o_path(h, base.list[i], name);
    for (size_t k = 0; one.k == O_LIST && k < one.len; k++) out[n++] = one.list[k];
    if (one.k != O_LIST) out[n++] = one;
    assert_true(n < 4000);
  }
  return o_list(h->w, out, n);
}

/* --- calls ---------------------------------------------------------------- */

static bool o_window(const Here *h, const Node *n, const FakeField *m, Day *from, Day *to) {
  O w = o_eval(h, n);
  Day first, last;
  bool any = fake_cb_span(h->w->f, ACCOUNT, &m->host, &first, &last);
  assert_true(window_days(w.window, h->asof, from, to));
  if (*to > h->asof) *to = h->asof;
  if (*from == DAY_NONE) *from = any && first < *to ? first : *to;
  else if (!any || *from < first) return false;
  if (*from > *to) *from = *to;
  return true;
}

static O o_agg(const Here *h, O m, Agg agg, Day from, Day to) {
  return o_of(h->w, fake_agg(h->w->f, &m.field->host, agg, from, to, m.id));
}

static O o_trend(const Here *h, O m, Day from, Day to, bool relative) {
  long double x[512], y[512], n = 0, mx = 0, my = 0, up = 0, down = 0;
  int steps = 0;
  while (day_add_months(to, -(steps + 1)) >= from) steps++;
  for (int k = 0; k < steps; k++) {
    Day a = day_add_months(to, -(steps - k)), b = day_add_months(to, -(steps - k - 1));
    O v = o_agg(h, m, AGG_SUM, a, b), c = o_agg(h, m, AGG_COUNT, a, b);
    if (!m.field->host.flow) v = o_arith(h->w, OP_DIV, v, c);
    if (v.k != O_NUM) continue;
    x[(int)n] = k;
    y[(int)n] = v.n;
    n++;
  }
  if (n < 2) return o_null();
  for (int i = 0; i < (int)n; i++) mx += x[i] / n, my += y[i] / n;
  for (int i = 0; i < (int)n; i++) up += (x[i] - mx) * (y[i] - my), down += (x[i] - mx) * (x[i] - mx);
  if (!relative) return o_num(up / down);
  return my == 0 ? o_null() : o_num(up / down / my);
}

static O o_series(const Here *h, const Node *n, O m) {
  Day from = 0, to = h->asof;
  bool fine = true;
  if (n->nkid > 1) fine = o_window(h, n->kid[1], m.field, &from, &to);
  else from = day_of(1900, 1, 1);
  if (!fine) return o_null();
  if (str_is(n->name, "sum")) return o_agg(h, m, AGG_SUM, from, to);
  if (str_is(n->name, "count")) return o_agg(h, m, AGG_COUNT, from, to);
  if (str_is(n->name, "min")) return o_agg(h, m, AGG_MIN, from, to);
  if (str_is(n->name, "max")) return o_agg(h, m, AGG_MAX, from, to);
  if (str_is(n->name, "first")) return o_agg(h, m, AGG_FIRST, from, to);
  if (str_is(n->name, "last")) return o_agg(h, m, AGG_LAST, from, to);
  if (str_is(n->name, "mean"))
    return o_arith(h->w, OP_DIV, o_agg(h, m, AGG_SUM, from, to), o_agg(h, m, AGG_COUNT, from, to));
  if (str_is(n->name, "slope")) return o_trend(h, m, from, to, false);
  if (str_is(n->name, "trend")) return o_trend(h, m, from, to, true);
  assert_true(str_is(n->name, "days_since"));
  O last = o_agg(h, m, AGG_LAST_DAY, from, to);
  return last.k == O_NULL ? (O){.k = O_NEVER} : o_num(h->asof - last.n);
}

static int o_sort_cmp(const void *p, const void *q) {
  int c = o_order(*(const O *)p, *(const O *)q, 0);
  return c == -2 ? 0 : c;
}

/* rank, share … of this row: x is asked of every row of the population. */
static O o_set(const Here *h, const Node *n) {
  const Node *x = NULL, *k = NULL, *within = NULL, *among = NULL;
  for (uint32_t i = 0; i < n->nkid; i++) {
    const Node *a = n->kid[i];
    if (a->kind == N_OPT) *(str_is(a->name, "within") ? &within : &among) = a->kid[0];
    else if (!x) x = a;
    else k = a;
  }
  const FakeEntity *e = &h->w->f->entity[ACCOUNT];
  O v[FAKE_ROWS], mine = o_null(), my_group = o_null();
  size_t len = 0;
  bool in = false;
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < e->n; i++) {
      Here at = {.w = h->w, .asof = h->asof, .entity = ACCOUNT, .id = e->id[i]};
      if (h->w->scope && !o_true(o_eval(&at, h->w->scope))) continue;
      if (among && !o_true(o_eval(&at, among))) continue;
      O value = o_eval(&at, x), group = within ? o_eval(&at, within) : o_bool(true);
      if (value.k == O_NULL || group.k == O_NULL) continue;
      if (pass == 0 && e->id[i] == h->id) in = true, mine = value, my_group = group;
      if (pass == 1 && in && (!within || o_order(group, my_group, 0) == 0)) v[len++] = value;
    }
  if (!in) return o_null();
  long double above = 0, sum = 0, sum_above = 0, sum_tied = 0;
  for (size_t i = 0; i < len; i++) {
    int c = o_order(v[i], mine, h->asof);
    sum += v[i].n;
    if (c > 0) above++, sum_above += v[i].n;
    if (c == 0) sum_tied += v[i].n;
  }
  if (fabsl(sum) < 1e-12L) sum = 0;
  if (str_is(n->name, "rank")) return o_num(above + 1);
  if (str_is(n->name, "share")) return sum == 0 ? o_null() : o_num(mine.n / sum);
  if (str_is(n->name, "share_ahead")) return sum == 0 ? o_null() : o_num(sum_above / sum);
  if (str_is(n->name, "running_share")) return sum == 0 ? o_null() : o_num((sum_above + sum_tied) / sum);
  assert_true(str_is(n->name, "classes"));
  O sorted[FAKE_ROWS];
  memcpy(sorted, v, len * sizeof *v);
  qsort(sorted, len, sizeof *sorted, o_sort_cmp);
  long double classes = o_eval(h, k).n, class = 1;
  for (int j = 1; j < (int)classes; j++) {
    long double at = (long double)(len - 1) * j / classes, low = floorl(at + 1e-12L);
    O a = sorted[(size_t)low], b = sorted[(size_t)low + 1 < len ? (size_t)low + 1 : (size_t)low];
    O cut = o_num(a.n + (at - low) * (b.n - a.n));
    if (o_order(mine, cut, 0) > 0) class++;
  }
  return o_num(class);
}

static O o_fold(const Here *h, Str name, O list) {
  Oracle *w = h->w;
  if (str_is(name, "count")) return o_num((long double)list.len);
  if (str_is(name, "any") || str_is(name, "all")) {
    bool any = str_is(name, "any");
    O all = o_bool(!any);
    for (size_t i = 0; i < list.len; i++) all = any ? o_or(all, list.list[i]) : o_and(all, list.list[i]);
    return all;
  }
  for (size_t i = 0; i < list.len; i++)
    if (list.list[i].k == O_NULL) return o_null();
  O best = list.len ? list.list[0] : o_null(), sum = o_num(0);
  for (size_t i = 0; i < list.len; i++) {
    if (str_is(name, "sum") || str_is(name, "mean")) sum = o_arith(w, OP_ADD, sum, list.list[i]);
    int c = o_order(list.list[i], best, h->asof);
    if (str_is(name, "min") ? c < 0 : c > 0) best = list.list[i];
  }
  if (str_is(name, "sum")) return list.len ? sum : o_null();
  if (str_is(name, "mean")) return list.len ? o_num(sum.n / (long double)list.len) : o_null();
  return best;
}

static O o_distinct(Oracle *w, O list) {
  O *v = arena_alloc(&w->arena, (list.len + 1) * sizeof *v);
  size_t n = 0;
  for (size_t i = 0; i < list.len; i++) {
    bool seen = false;
    for (size_t k = 0; k < n; k++)
      seen |= list.list[i].k == O_NULL ? v[k].k == O_NULL : o_order(v[k], list.list[i], 0) == 0;
    if (!seen) v[n++] = list.list[i];
  }
  return (O){.k = O_LIST, .list = v, .len = n};
}

static O o_rounded(Str name, O x) {
  if (x.k != O_NUM) return o_null();
  long double n = x.n, near = roundl(n);
  if (fabsl(n - near) < 1e-9L) return o_num(near); /* a whole number but for the binary digits */
  if (str_is(name, "floor")) return o_num(floorl(n));
  if (str_is(name, "ceiling")) return o_num(ceill(n));
  long double half = floorl(fabsl(n) * 2 + 1e-9L) / 2;
  return o_num((half - floorl(half) > 0.4L ? floorl(half) + 1 : floorl(half)) * (n < 0 ? -1 : 1));
}

static O o_call(const Here *h, const Node *n) {
  static const char *const sets[] = {"rank", "share", "share_ahead", "running_share", "classes"};
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
    if (str_is(n->name, sets[i])) return o_set(h, n);
  if (str_is(n->name, "ago") || str_is(n->name, "yoy")) {
    Day from, to;
    O w = n->nkid > 1 ? o_eval(h, n->kid[1]) : (O){.k = O_MONTHS, .window = val_months(12)};
    assert_true(window_days(w.window, h->asof, &from, &to));
    Here then = *h;
    then.asof = from;
    Here outer;
    if (h->outer) {
      outer = *h->outer;
      outer.asof = from;
      then.outer = &outer;
    }
    O was = o_eval(&then, n->kid[0]);
    if (str_is(n->name, "ago")) return was;
    O now = o_eval(h, n->kid[0]);
    return now.k == O_NUM && was.k == O_NUM && was.n > 1e-12L ? o_num(now.n / was.n - 1) : o_null();
  }
  O a = o_eval(h, n->kid[0]);
  if (a.k == O_MEASURE) return o_series(h, n, a);
  if (str_is(n->name, "known")) return o_bool(a.k != O_NULL);
  if (str_is(n->name, "default")) return a.k == O_NULL ? o_eval(h, n->kid[1]) : a;
  if (str_is(n->name, "not")) return o_not(a);
  if (str_is(n->name, "any") && a.k == O_LIST && n->kid[0]->kind != N_LIST && n->kid[0]->kind != N_FOR)
    return o_bool(a.len > 0);
  if (str_is(n->name, "distinct")) return o_distinct(h->w, a);
  if (n->nkid == 1 && a.k == O_LIST) return o_fold(h, n->name, a);
  if (str_is(n->name, "min") || str_is(n->name, "max")) {
    O two[2] = {a, o_eval(h, n->kid[1])};
    return o_fold(h, n->name, o_list(h->w, two, 2));
  }
  if (a.k == O_NULL) return a;
  if (str_is(n->name, "days_since") || str_is(n->name, "age")) return o_num(h->asof - a.n);
  if (str_is(n->name, "abs")) return o_num(fabsl(a.n));
  if (str_is(n->name, "string_length")) return o_num((long double)utf8_count(a.s));
  if (str_is(n->name, "floor") || str_is(n->name, "ceiling") || str_is(n->name, "round"))
    return o_rounded(n->name, a);
  int y, m, d;
  day_parts((Day)a.n, &y, &m, &d);
  if (str_is(n->name, "year")) return o_num(y);
  if (str_is(n->name, "month")) return o_num(m);
  if (str_is(n->name, "day")) return o_num(d);
  fail_msg("the oracle does not know %.*s(…)", STR_ARG(n->name));
  return o_null();
}

/* --- the rest ------------------------------------------------------------- */

static O o_has(const Here *h, O x, O list) {
  O any = o_bool(false);
  if (x.k == O_NULL) return x;
  for (size_t i = 0; i < list.len; i++) any = o_or(any, o_verdict(OP_EQ, o_order(x, list.list[i], h->asof)));
  return any;
}

static O o_test(const Here *h, const Node *nx, O x, const Node *t) {
  if (t->kind == N_RANGE) {
    O lo = o_compare(h, t->op & VAL_RANGE_LOW_IN ? OP_GE : OP_GT, nx, x, o_eval(h, t->kid[0]));
    O hi = o_compare(h, t->op & VAL_RANGE_HIGH_IN ? OP_LE : OP_LT, nx, x, o_eval(h, t->kid[1]));
    return o_and(lo, hi);
  }
  if (t->kind == N_TEST) return o_compare(h, t->op, nx, x, o_eval(h, t->kid[0]));
  O v = o_eval(h, t);
  Day from, to;
  if (v.k == O_WINDOW && window_days(v.window, h->asof, &from, &to))
    return x.k == O_DATE ? o_bool(x.n >= from && x.n < to) : o_null();
  return v.k == O_LIST ? o_has(h, x, v) : o_compare(h, OP_EQ, nx, x, v);
}

static O o_loop(const Here *h, const Node *n) {
  O list = o_eval(h, n->kid[0]);
  O all = o_bool(n->kind == N_EVERY);
  O *out = arena_alloc(&h->w->arena, (list.len + 1) * sizeof *out);
  for (size_t i = 0; i < list.len; i++) {
    OVar v = {n->names[0], list.list[i], h->var};
    Here in = *h;
    in.var = &v;
    out[i] = o_eval(&in, n->kid[1]);
    if (n->kind == N_SOME) all = o_or(all, out[i]);
    if (n->kind == N_EVERY) all = o_and(all, out[i]);
  }
  return n->kind == N_FOR ? (O){.k = O_LIST, .list = out, .len = list.len} : all;
}

static O o_filter(const Here *h, const Node *n) {
  O base = o_eval(h, n->kid[0]);
  O *out = arena_alloc(&h->w->arena, (base.len + 1) * sizeof *out);
  size_t k = 0;
  for (size_t i = 0; i < base.len; i++) {
    OVar v = {STR("item"), base.list[i], h->var};
    Here in = {.w = h->w,
               .asof = h->asof,
               .outer = h,
               .var = h->var,
               .entity = base.list[i].entity,
               .id = base.list[i].id};
    if (base.list[i].k != O_ROW) {
      in = *h;
      in.var = &v;
    }
    if (o_true(o_eval(&in, n->kid[1]))) out[k++] = base.list[i];
  }
  return (O){.k = O_LIST, .list = out, .len = k};
}

static O o_within(const Here *h, const Node *n) {
  O d = n->kid[0] ? o_eval(h, n->kid[0]) : o_member(h, h->entity, h->id, h->w->f->entity[h->entity].info.day);
  O w = o_eval(h, n->kid[1]);
  Day from, to;
  assert_true(window_days(w.window, h->asof, &from, &to));
  return d.k == O_DATE ? o_bool((from == DAY_NONE || d.n >= from) && d.n < to) : o_null();
}

static bool o_null_lit(const Node *n) { return n->kind == N_LIT && n->lit.t == V_NULL; }

static O o_binary(const Here *h, const Node *n) {
  if ((n->op == OP_EQ || n->op == OP_NE) && o_null_lit(n->kid[1]))
    return o_bool((o_eval(h, n->kid[0]).k == O_NULL) == (n->op == OP_EQ));
  O a = o_eval(h, n->kid[0]), b = o_eval(h, n->kid[1]);
  if (n->op == OP_AND) return o_and(a, b);
  if (n->op == OP_OR) return o_or(a, b);
  if (n->op >= OP_EQ && n->op <= OP_GE) return o_compare(h, n->op, n->kid[0], a, b);
  return o_arith(h->w, n->op, a, b);
}

static O o_eval(const Here *h, const Node *n) {
  switch ((NodeKind)n->kind) {
    case N_LIT: return o_of(h->w, n->lit);
    case N_NAME: return o_name(h, n->name);
    case N_PATH: return o_path(h, o_eval(h, n->kid[0]), n->name);
    case N_CALL: return o_call(h, n);
    case N_BIN: return o_binary(h, n);
    case N_NEG: {
      O a = o_eval(h, n->kid[0]);
      a.n = -a.n;
      return a;
    }
    case N_BETWEEN: {
      O x = o_eval(h, n->kid[0]);
      return o_and(o_compare(h, OP_GE, n->kid[0], x, o_eval(h, n->kid[1])),
                   o_compare(h, OP_LE, n->kid[0], x, o_eval(h, n->kid[2])));
    }
    case N_IN: {
      O x = o_eval(h, n->kid[0]), any = o_bool(false);
      for (uint32_t i = 1; i < n->nkid; i++) any = o_or(any, o_test(h, n->kid[0], x, n->kid[i]));
      return n->op == OP_NOT_IN ? o_not(any) : any;
    }
    case N_WITHIN: return o_within(h, n);
    case N_IF: {
      O c = o_eval(h, n->kid[0]);
      return c.k == O_BOOL ? o_eval(h, n->kid[c.n != 0 ? 1 : 2]) : o_null();
    }
    case N_FOR: case N_SOME: case N_EVERY: return o_loop(h, n);
    case N_FILTER: return o_filter(h, n);
    case N_LIST: {
      O v[16];
      for (uint32_t i = 0; i < n->nkid; i++) v[i] = o_eval(h, n->kid[i]);
      return o_list(h->w, v, n->nkid);
    }
    default: fail_msg("the oracle does not know node %d", n->kind); return o_null();
  }
}

/* Equal but for the last binary digits? */
static bool o_agrees(O a, Val v, Oracle *w) {
  O b = o_of(w, v);
  if (a.k != b.k) return false;
  switch (a.k) {
    case O_NULL: case O_NEVER: return true;
    case O_TEXT: return str_eq(a.s, b.s);
    case O_ROW: return a.id == b.id;
    case O_LIST:
      if (a.len != b.len) return false;
      for (size_t i = 0; i < a.len; i++)
        if (!o_agrees(a.list[i], v.u.v[i], w)) return false;
      return true;
    default: return fabsl(a.n - b.n) <= 1e-9L * (1 + fabsl(a.n));
  }
}
#endif
