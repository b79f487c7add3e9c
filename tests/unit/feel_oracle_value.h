/* What the second evaluator of the rule language reckons with: values in long
 * doubles, three-valued truth, order, arithmetic. */
#ifndef FEEL_ORACLE_VALUE_H
#define FEEL_ORACLE_VALUE_H
#include <math.h>
#include <stdlib.h>

#include "feel/window.h"
#include "feel_fake.h"

typedef enum OKind {
  O_NULL,
  O_BOOL,
  O_NUM,
  O_TEXT,
  O_DATE,
  O_DAYS,
  O_MONTHS,
  O_NEVER,
  O_LIST,
  O_ROW,
  O_MEASURE,
  O_WINDOW
} OKind;

typedef struct O {
  OKind k;
  long double n; /* number, truth, day, length */
  Str s;
  int entity;
  int64_t id;
  const struct O *list;
  size_t len;
  const FakeField *field; /* O_MEASURE: of row id of entity */
  Val window;
} O;

typedef struct OVar {
  Str name;
  O value;
  struct OVar *up;
} OVar;

typedef struct ODef {
  const char *name;
  const Node *rule;
  bool arg;
} ODef;

typedef struct Oracle {
  Fake *f;
  Arena arena;
  ODef def[16];
  size_t ndef;
  const Node *scope;
} Oracle;

typedef struct Here { /* where an expression is read */
  Oracle *w;
  Day asof;
  int entity;
  int64_t id;
  const struct Here *outer;
  OVar *var;
} Here;

static O o_null(void) { return (O){.k = O_NULL}; }
static O o_num(long double n) { return isfinite(n) ? (O){.k = O_NUM, .n = n} : o_null(); }
static O o_bool(bool b) { return (O){.k = O_BOOL, .n = b}; }
static bool o_true(O o) { return o.k == O_BOOL && o.n != 0; }
static bool o_false(O o) { return o.k == O_BOOL && o.n == 0; }

static O o_list(Oracle *w, const O *v, size_t n) {
  O *copy = arena_alloc(&w->arena, (n + 1) * sizeof *copy);
  if (n) memcpy(copy, v, n * sizeof *copy);
  return (O){.k = O_LIST, .list = copy, .len = n};
}

static O o_of(Oracle *w, Val v) {
  switch ((ValType)v.t) {
    case V_BOOL: return o_bool(v.u.i != 0);
    case V_NUM:
      return (O){.k = O_NUM, .n = (long double)v.u.i * powl(10, v.e), .window = v}; /* 2025 is a window too */
    case V_BIG: case V_REAL: return o_num((long double)num_double(v));
    case V_TEXT: return (O){.k = O_TEXT, .s = val_str(v)};
    case V_DATE: return (O){.k = O_DATE, .n = (long double)v.u.i};
    case V_SECS: return (O){.k = O_DAYS, .n = (long double)v.u.i / 86400, .window = v};
    case V_MONTHS: return (O){.k = O_MONTHS, .n = (long double)v.u.i, .window = v};
    case V_NEVER: return (O){.k = O_NEVER};
    case V_WINDOW: return (O){.k = O_WINDOW, .window = v};
    case V_ROW: return (O){.k = O_ROW, .entity = (int)v.n, .id = v.u.i};
    case V_LIST: {
      O *list = arena_alloc(&w->arena, (v.n + 1u) * sizeof *list);
      for (uint32_t i = 0; i < v.n; i++) list[i] = o_of(w, v.u.v[i]);
      return (O){.k = O_LIST, .list = list, .len = v.n};
    }
    default: return o_null();
  }
}

/* --- truth and order ------------------------------------------------------ */

static O o_not(O a) { return a.k == O_BOOL ? o_bool(a.n == 0) : o_null(); }
static O o_and(O a, O b) {
  return o_false(a) || o_false(b) ? o_bool(false) : o_true(a) && o_true(b) ? o_bool(true) : o_null();
}
static O o_or(O a, O b) {
  return o_true(a) || o_true(b) ? o_bool(true) : o_false(a) && o_false(b) ? o_bool(false) : o_null();
}

static long double o_days(O o, Day asof) {
  return o.k == O_MONTHS ? (long double)(asof - day_add_months(asof, -(int)o.n)) : o.n;
}

static int o_sign(long double d) {
  long double eps = 1e-9L;
  return d > eps ? 1 : d < -eps ? -1 : 0;
}

/* -2: they cannot be compared */
static int o_order(O a, O b, Day asof) {
  if (a.k == O_NULL || b.k == O_NULL) return -2;
  if (a.k == O_NEVER || b.k == O_NEVER) return (a.k == O_NEVER) - (b.k == O_NEVER);
  if (a.k == O_TEXT && b.k == O_TEXT) {
    int c = str_cmp(a.s, b.s);
    return (c > 0) - (c < 0);
  }
  if (a.k == O_ROW && b.k == O_ROW) return (a.id > b.id) - (a.id < b.id);
  if (a.k == O_MONTHS && b.k == O_MONTHS) return o_sign(a.n - b.n);
  if (a.k == O_LIST || b.k == O_LIST || a.k == O_TEXT || b.k == O_TEXT || a.k == O_ROW || b.k == O_ROW)
    return -2;
  return o_sign(o_days(a, asof) - o_days(b, asof));
}

static O o_verdict(int op, int c) {
  if (c == -2) return o_null();
  switch (op) {
    case OP_EQ: return o_bool(c == 0);
    case OP_NE: return o_bool(c != 0);
    case OP_LT: return o_bool(c < 0);
    case OP_LE: return o_bool(c <= 0);
    case OP_GT: return o_bool(c > 0);
    default: return o_bool(c >= 0);
  }
}

static const Domain *o_domain(const Here *h, const Node *n) {
  if (n->kind == N_PATH && str_is(n->name, "level")) return &fake_level;
  if (n->kind == N_NAME && str_is(n->name, "attitude") && h->entity == CONTACT) return &fake_attitude;
  return NULL;
}

static O o_compare(const Here *h, int op, const Node *na, O a, O b) {
  const Domain *d = na ? o_domain(h, na) : NULL;
  if (d && op >= OP_LT && a.k == O_TEXT && b.k == O_TEXT) {
    int x = -1, y = -1;
    for (size_t i = 0; i < d->n; i++) {
      if (str_eq(d->value[i], a.s)) x = (int)i;
      if (str_eq(d->value[i], b.s)) y = (int)i;
    }
    return o_verdict(op, (x < y) - (x > y));
  }
  return o_verdict(op, o_order(a, b, h->asof));
}

/* --- reckoning ------------------------------------------------------------ */

static O o_move(O date, O by, int sign) {
  if (by.k == O_MONTHS) return (O){.k = O_DATE, .n = day_add_months((Day)date.n, sign * (int)by.n)};
  return (O){.k = O_DATE, .n = date.n + sign * by.n};
}

static O o_arith(Oracle *w, int op, O a, O b) {
  if (a.k == O_LIST || b.k == O_LIST) { /* of the same rows */
    size_t n = a.k == O_LIST ? a.len : b.len;
    O *v = arena_alloc(&w->arena, (n + 1) * sizeof *v);
    for (size_t i = 0; i < n; i++)
      v[i] = o_arith(w, op, a.k == O_LIST ? a.list[i] : a, b.k == O_LIST ? b.list[i] : b);
    return (O){.k = O_LIST, .list = v, .len = n};
  }
  if (a.k == O_TEXT && b.k == O_TEXT && op == OP_ADD) {
    char *p = arena_alloc(&w->arena, a.s.n + b.s.n + 1);
    memcpy(p, a.s.p, a.s.n);
    memcpy(p + a.s.n, b.s.p, b.s.n);
    return (O){.k = O_TEXT, .s = {p, a.s.n + b.s.n}};
  }
  if (a.k == O_DATE && (b.k == O_DAYS || b.k == O_MONTHS)) return o_move(a, b, op == OP_ADD ? 1 : -1);
  if (a.k == O_DATE && b.k == O_DATE) return (O){.k = O_DAYS, .n = a.n - b.n};
  if (a.k != O_NUM || b.k != O_NUM) return o_null();
  switch (op) {
    case OP_ADD: return o_num(a.n + b.n);
    case OP_SUB: return o_num(a.n - b.n);
    case OP_MUL: return o_num(a.n * b.n);
    default: return b.n == 0 ? o_null() : o_num(a.n / b.n);
  }
}
#endif
