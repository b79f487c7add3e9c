/* Which values the cells of a column name, and which cells do nothing but compare with them. */
#include "feel/parts.h"

#include "feel/window.h"

bool parts_ordered(Type t) {
  return t.kind == T_NUM || t.kind == T_DATE || t.kind == T_SECS || t.kind == T_MONTHS;
}

/* An operation whose value is the same for every row and needs no data. */
static bool constant(const Op *op) {
  if (!op || op->varies || op_wide(op)) return false;
  if (op->kind == K_ARG) {
    const Sym *arg = op->ref;
    return !arg->op || constant(arg->op);
  }
  for (uint32_t i = 0; i < op->nkid; i++)
    if (!constant(op->kid[i])) return false;
  return true;
}

static bool is_value(const PartPoints *p, const Op *op) {
  const TableInput *in = &p->t->in[p->col];
  return op && (op == in->op || (in->type.kind == T_LIST && op->kind == K_VAR));
}

static bool add(PartPoints *p, Val v) {
  int order;
  if (v.t == V_NULL || v.t == V_NEVER || v.t == V_BOOL) return true;
  if (p->type.kind == T_TEXT ? v.t != V_TEXT : !parts_ordered(p->type)) return false;
  if (p->n && p->type.kind != T_TEXT && !value_order(p->val[0], v, p->asof, &order)) return false;
  if (p->type.kind != T_TEXT && !value_order(v, v, p->asof, &order)) return false;
  mem_grow(p->val, p->cap, p->n + 1);
  p->val[p->n++] = v;
  return true;
}

static bool value_of(PartPoints *p, const Op *op, Val *out) {
  Err none = {0}, *was = p->ev->e;
  if (!constant(op)) return false;
  p->ev->e = &none;
  bool ok = frame_value(p->f, op, out);
  p->ev->e = was;
  err_free(&none);
  return ok;
}

static bool add_all(PartPoints *p, Val v) {
  if (v.t != V_LIST) return add(p, v);
  for (uint32_t i = 0; i < v.n; i++)
    if (!add(p, v.u.v[i])) return false;
  return true;
}

static bool add_window(PartPoints *p, Val window) {
  Day from, to;
  if (window.t == V_NULL) return true;
  if (p->type.kind != T_DATE || !window_days(window, p->asof, &from, &to)) return false;
  return (from == DAY_NONE || add(p, val_date(from))) && add(p, val_date(to));
}

static bool add_range(PartPoints *p, Val range) {
  if (range.t == V_NULL) return true;
  return range.t == V_RANGE && add(p, range.u.v[0]) && add(p, range.u.v[1]);
}

/* Does the condition do nothing but compare the value with constants? Their values are added. */
static bool compares(PartPoints *p, const Op *op) {
  Val v;
  const Op *x = op->nkid ? op->kid[0] : NULL;
  switch ((OpKind)op->kind) {
    case K_NOT: case K_AND: case K_OR: case K_IF: case K_LOGIC:
      for (uint32_t i = 0; i < op->nkid; i++)
        if (!compares(p, op->kid[i])) return false;
      return true;
    case K_ISNULL: return is_value(p, x) || constant(x);
    case K_CMP:
      if (is_value(p, x)) return value_of(p, op->kid[1], &v) && add(p, v);
      if (is_value(p, op->kid[1])) return value_of(p, x, &v) && add(p, v);
      break;
    case K_HAS:
      if (is_value(p, x)) return value_of(p, op->kid[1], &v) && add_all(p, v);
      break;
    case K_INSIDE:
      if (is_value(p, x)) return value_of(p, op->kid[1], &v) && add_window(p, v);
      break;
    case K_INRANGE:
      if (is_value(p, x)) return value_of(p, op->kid[1], &v) && add_range(p, v);
      break;
    default: break;
  }
  return (p->type.kind == T_BOOL && is_value(p, op)) || constant(op);
}

void parts_points(PartPoints *p) {
  const Table *t = p->t;
  bool known = p->type.kind == T_TEXT || p->type.kind == T_BOOL || parts_ordered(p->type);
  for (size_t row = 0; row < t->grid.nrow; row++) {
    const Cell *cell = &t->cell[row * (t->info.nin + t->info.nout) + p->col];
    if (t->number[row] < 0 || cell->any || !cell->op) continue;
    const Op *test = t->in[p->col].type.kind == T_LIST ? cell->op->kid[1] : cell->op;
    bool null_test = !known && test->kind == K_ISNULL && is_value(p, test->kid[0]);
    p->opaque[row] = !null_test && (!known || !compares(p, test));
  }
}
