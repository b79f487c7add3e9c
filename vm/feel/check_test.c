#include "feel/check.h"

#include "base/num.h"
#include "feel/window.h"

#include <string.h>

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

static Op *always(Check *c, const Node *n) { return op_lit(c, n, val_bool(true), type_of(T_BOOL)); }

Op *check_range(Check *c, Op *value, const Node *vn, const Node *range) {
  Op *side[2] = {NULL, NULL};
  for (int i = 0; i < 2; i++) {
    if (!range->kid[i]) continue;
    Op *end = check_node(c, range->kid[i]);
    if (!end) return NULL;
    bool in = range->op & (i ? VAL_RANGE_HIGH_IN : VAL_RANGE_LOW_IN);
    NodeOp op = i ? (in ? OP_LE : OP_LT) : (in ? OP_GE : OP_GT);
    if (!(side[i] = check_compare(c, range, op, value, end, vn, range->kid[i]))) return NULL;
  }
  if (!side[0] || !side[1]) return side[0] ? side[0] : side[1] ? side[1] : always(c, range);
  return op_bool(c, K_AND, range, side[0], side[1]);
}

/* A word of a cell: one of the column's values, or the name of an arg. */
static Op *word(Check *c, const Op *value, const Node *n) {
  Str w = val_str(n->lit);
  const Domain *d = value->type.kind == T_LIST ? type_element(value->type).domain : value->type.domain;
  if (!(d && domain_rank(d, w) >= 0) && sym_find(c->r, 0, w)) {
    Node *name = arena_zalloc(&c->r->arena, 1, sizeof *name);
    *name = *n;
    name->kind = N_NAME;
    name->name = w;
    return check_name(c, name);
  }
  return op_lit(c, n, n->lit, type_of(T_TEXT));
}

static bool elements_hold(Check *c, const Op *value, const Node *vn, const Node *list, const Op *o) {
  const Domain *d = value->type.domain;
  if (!d || o->kind != K_LIST) return true;
  for (uint32_t i = 0; i < o->nkid; i++) {
    const Op *k = o->kid[i];
    if (k->kind == K_LIT && k->lit.t == V_TEXT &&
        !domain_holds(c, k->node ? k->node : list, text_of(vn), d, val_str(k->lit)))
      return false;
  }
  return true;
}

/* Beside a date a number is a year. */
static bool is_year(Check *c, const Node *n, const Op *o) {
  enum { SERIAL_FIRST = 20000, SERIAL_END = 80000, SERIAL_1970 = 25569 }; /* days as spreadsheets count them: 1954 to 2119 */
  Day from, to;
  int64_t i;
  if (o->kind != K_LIT || window_days(o->lit, 0, &from, &to)) return true;
  Str said = text_of(n);
  check_fail(c, n, "%.*s is neither a date nor a year", STR_ARG(said));
  if (num_int(o->lit, &i) && i >= SERIAL_FIRST && i < SERIAL_END) {
    Buf day = {0};
    day_print((Day)(i - SERIAL_1970), &day);
    err_todo(c->e, "as spreadsheets count days it is %s: write that", day.p);
    buf_free(&day);
  } else {
    err_todo(c->e, "a date reads 2026-01-05, a year 2026");
  }
  return false;
}

static Op *in_value(Check *c, Op *value, const Node *vn, const Node *n) {
  Op *o = n->kind == N_LIT && n->op == LIT_WORD ? word(c, value, n) : check_node(c, n);
  if (!o) return NULL;
  if (op_is_rows(o)) o = op_list_of_rows(c, o);
  TypeKind v = value->type.kind, t = o->type.kind;
  if (o->kind == K_LIT && o->lit.t == V_NULL) return op1(c, K_ISNULL, n, type_of(T_BOOL), value);
  if (t == T_RANGE) return op2(c, K_INRANGE, n, type_of(T_BOOL), value, o);
  if (v == T_DATE && t == T_NUM && !is_year(c, n, o)) return NULL;
  if (v == T_DATE && (t == T_WINDOW || t == T_MONTHS || t == T_SECS || t == T_NUM))
    return op2(c, K_INSIDE, n, type_of(T_BOOL), value, o);
  if (t == T_LIST && v != T_LIST) {
    Type of = type_element(o->type);
    if (!elements_hold(c, value, vn, n, o)) return NULL;
    if (of.kind == T_RANGE)
      return check_fail(c, n, "write the ranges one beside the other: in (1..2), (4..5)");
    if (!type_fits(value->type, of) && !(of.kind == T_NUM && v == T_NUM)) {
      Buf b = {0}, d = {0};
      type_say(c->r->host, value->type, &b);
      type_say(c->r->host, o->type, &d);
      check_fail(c, n, "%.*s is %.*s; it is never in %.*s", STR_ARG(text_of(vn)), (int)b.n, b.p, (int)d.n,
                 d.p);
      buf_free(&b);
      buf_free(&d);
      return NULL;
    }
    if (of.kind == T_NUM && v == T_NUM && !units_compare(c, n, value->type.unit, of.unit)) return NULL;
    return op2(c, K_HAS, n, type_of(T_BOOL), value, o);
  }
  if (t == T_BOOL && v != T_BOOL && v != T_ANY) { /* a condition of its own */
    if (o->varies || op_depends(o)) return o;
    Str said = text_of(n);
    check_fail(c, n, "%.*s is no test of %.*s: it is the same for every row", STR_ARG(said), STR_ARG(text_of(vn)));
    err_todo(c->e, "write - for any value, null for an unknown one, not(null) for a known one");
    return NULL;
  }
  return check_compare(c, n, OP_EQ, value, o, vn, n);
}

static Op *any_of(Check *c, Op *value, const Node *vn, const Node *n, uint32_t from) {
  Op *all = NULL;
  for (uint32_t i = from; i < n->nkid; i++) {
    Op *one = check_test(c, value, vn, n->kid[i]);
    if (!one) return NULL;
    all = all ? op_bool(c, K_OR, n, all, one) : one;
  }
  return all ? all : always(c, n);
}

Op *check_test(Check *c, Op *value, const Node *vn, const Node *n) {
  switch ((NodeKind)n->kind) {
    case N_ANY: return always(c, n);
    case N_TEST: {
      Op *o = n->kid[0]->kind == N_LIT && n->kid[0]->op == LIT_WORD ? word(c, value, n->kid[0])
                                                                    : check_node(c, n->kid[0]);
      return o ? check_compare(c, n, (NodeOp)n->op, value, o, vn, n->kid[0]) : NULL;
    }
    case N_TESTS: {
      Op *o = any_of(c, value, vn, n, 0);
      return o && n->op == 1 ? op_bool(c, K_NOT, n, o, NULL) : o;
    }
    case N_RANGE: return check_range(c, value, vn, n);
    default: return in_value(c, value, vn, n);
  }
}

Op *check_in(Check *c, const Node *n) {
  Op *value = check_node(c, n->kid[0]);
  if (!value) return NULL;
  compared_met(c, n->kid[0], value);
  if (op_is_rows(value)) value = op_list_of_rows(c, value);
  Op *o = any_of(c, value, n->kid[0], n, 1);
  return o && n->op == OP_NOT_IN ? op_bool(c, K_NOT, n, o, NULL) : o;
}

Op *check_between(Check *c, const Node *n) {
  Op *x = check_node(c, n->kid[0]);
  if (x) compared_met(c, n->kid[0], x);
  Op *lo = x ? check_node(c, n->kid[1]) : NULL;
  Op *hi = lo ? check_node(c, n->kid[2]) : NULL;
  if (!hi) return NULL;
  Op *a = check_compare(c, n, OP_GE, x, lo, n->kid[0], n->kid[1]);
  Op *b = a ? check_compare(c, n, OP_LE, x, hi, n->kid[0], n->kid[2]) : NULL;
  return b ? op_bool(c, K_AND, n, a, b) : NULL;
}

static Op *own_day(Check *c, const Node *n) {
  const Scope *row = scope_row(c);
  const HostEntity *info = row ? host_info(c->r->host, row->entity) : NULL;
  if (!info || !info->day.n) {
    check_fail(c, n, "%.*s has no day of its own: which date is to be within it?",
               STR_ARG(row ? entity_name(c->r->host, row->entity) : STR("this")));
    return NULL;
  }
  Op *o = name_of_row(c, n, row->entity, info->day);
  return o ? at_scope(c, row, o, n) : NULL;
}

Op *check_within(Check *c, const Node *n) {
  Op *x = n->kid[0] ? check_any(c, n->kid[0]) : own_day(c, n);
  Op *w = x ? check_window(c, n->kid[1]) : NULL;
  if (!w) return NULL;
  if (x->type.kind != T_DATE && x->type.kind != T_ANY) {
    Buf b = {0};
    type_say(c->r->host, x->type, &b);
    check_fail(c, n, "within needs a date before it, this is %.*s", (int)b.n, b.p);
    buf_free(&b);
    if (n->kid[0] && op_is_rows(x))
      err_todo(c->e, "rows of a window: %.*s[within 12m]", STR_ARG(text_of(n->kid[0])));
    return NULL;
  }
  return op2(c, K_INSIDE, n, type_of(T_BOOL), x, w);
}
