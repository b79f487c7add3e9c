/* in, unary tests, ranges. */
#include "feel/std.h"

Val std_range(Standard *s, const Node *x, const Scope *scope) {
  Val *end = arena_zalloc(s->arena, 2, sizeof *end);
  for (int i = 0; i < 2; i++)
    if (x->kid[i]) end[i] = standard_eval(s, x->kid[i], scope);
  int o = 0;
  if (x->kid[0] && x->kid[1]) {
    if (end[0].t == V_NULL || end[1].t == V_NULL) return standard_null(s, "an end of the range is null");
    if (!standard_compare(end[0], end[1], &o))
      return standard_null(s, "a range from a %s to a %s", standard_kind(end[0]), standard_kind(end[1]));
    if (o > 0) return standard_null(s, "a range that ends before it starts");
  } else if (end[x->kid[0] ? 0 : 1].t == V_NULL) {
    return standard_null(s, "the end of the range is null");
  }
  return (Val){.t = V_RANGE, .e = (int8_t)x->op, .u.v = end};
}

Val std_in_range(Standard *s, Val v, Val range) {
  Val low = range.u.v[0], high = range.u.v[1], in = val_bool(true);
  if (v.t == V_NULL) return v;
  if (range.e & VAL_RANGE_OTHER) return std_not(standard_equal(s, v, low));
  if (range.e & VAL_RANGE_ONE) return standard_equal(s, v, low);
  if (low.t != V_NULL) in = std_and(in, std_ordered(v, low, range.e & VAL_RANGE_LOW_IN ? OP_GE : OP_GT));
  if (high.t != V_NULL) in = std_and(in, std_ordered(v, high, range.e & VAL_RANGE_HIGH_IN ? OP_LE : OP_LT));
  return in;
}

/* Is v in, or equal to, what a test names? */
static Val accepts(Standard *s, Val v, Val e) {
  if (e.t == V_RANGE && v.t != V_RANGE) return std_in_range(s, v, e);
  if (e.t != V_LIST) return standard_equal(s, v, e);
  Val in = val_bool(v.t == V_LIST && std_is_true(standard_equal(s, v, e)));
  for (uint32_t i = 0; i < e.n && !std_is_true(in); i++) {
    Val item = e.u.v[i];
    if (!standard_step(s)) return val_null();
    Val hit = item.t == V_RANGE && v.t != V_RANGE ? std_in_range(s, v, item) : standard_equal(s, v, item);
    if (std_is_true(hit)) in = hit;
  }
  return in;
}

static Val compared(Standard *s, NodeOp op, Val v, Val limit) {
  if (op == OP_EQ) return standard_equal(s, v, limit);
  if (op == OP_NE) return std_not(standard_equal(s, v, limit));
  return std_ordered(v, limit, op);
}

/* A range as it is written: two comparisons, so that an end that is null leaves open what it can. */
static Val between(Standard *s, const Node *x, Val v, const Scope *scope) {
  Val low = standard_eval(s, x->kid[0], scope), high = standard_eval(s, x->kid[1], scope);
  Val above = std_ordered(v, low, x->op & VAL_RANGE_LOW_IN ? OP_GE : OP_GT);
  return std_and(above, std_ordered(v, high, x->op & VAL_RANGE_HIGH_IN ? OP_LE : OP_LT));
}

static bool mentions_input(const Node *x) {
  if (x->kind == N_NAME) return str_is(x->name, "?");
  for (uint32_t i = 0; i < x->nkid; i++)
    if (x->kid[i] && mentions_input(x->kid[i])) return true;
  return false;
}

/* One test; the value is "?" in it, so that it may also be a condition; in a cell, one without "?". */
static Val test(Standard *s, const Node *x, Val v, const Scope *scope, bool cell) {
  if (x->kind == N_ANY) return val_bool(true);
  if (x->kind == N_TEST) return compared(s, (NodeOp)x->op, v, standard_eval(s, x->kid[0], scope));
  bool pair = x->kind == N_RANGE && x->kid[0] && x->kid[1] && !(x->op & (VAL_RANGE_ONE | VAL_RANGE_OTHER));
  if (pair && v.t != V_RANGE) return between(s, x, v, scope);
  Val e = standard_eval(s, x, scope);
  bool free = e.t == V_BOOL && cell && v.t != V_BOOL;
  if (free || ((e.t == V_BOOL || e.t == V_NULL) && mentions_input(x))) return e;
  return accepts(s, v, e);
}

static Val any_of(Standard *s, Node *const *x, size_t n, Val v, const Scope *scope, bool cell) {
  ValEntry entry = {STR("?"), v};
  Scope inside = {.up = scope, .entry = &entry, .n = 1};
  Val in = val_bool(false);
  for (size_t i = 0; i < n && !std_is_true(in); i++) in = std_or(in, test(s, x[i], v, &inside, cell));
  return in;
}

Val std_in(Standard *s, const Node *x, const Scope *scope) {
  Val v = standard_eval(s, x->kid[0], scope);
  return any_of(s, x->kid + 1, x->nkid - 1, v, scope, false);
}

Val standard_test(Standard *s, const Node *tests, Val input, const Scope *scope) {
  Node *const one = (Node *)tests;
  if (tests->kind != N_TESTS) return any_of(s, &one, 1, input, scope, true);
  Val in = any_of(s, tests->kid, tests->nkid, input, scope, true);
  return tests->op ? std_not(in) : in;
}
