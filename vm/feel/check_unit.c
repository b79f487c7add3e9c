#include "feel/check.h"

typedef enum UnitClass { PLAIN, MONEY, DAYS, RATIO, POINTS } UnitClass;

static UnitClass class_of(Unit u) {
  switch (u) {
    case UNIT_MONEY: return MONEY;
    case UNIT_DAYS: return DAYS;
    case UNIT_PERCENT: case UNIT_PART: return RATIO;
    case UNIT_POINTS: return POINTS;
    default: return PLAIN;
  }
}

bool unit_class_same(Unit a, Unit b) {
  return class_of(a) == PLAIN || class_of(b) == PLAIN || class_of(a) == class_of(b);
}

bool units_compare(Check *c, const Node *n, Unit a, Unit b) {
  if (unit_class_same(a, b)) return true;
  check_fail(c, n, "%.*s compares %s with %s", (int)n->len, n->src->text.p + n->at, unit_name(a),
             unit_name(b));
  return false;
}

bool units_add(Check *c, const Node *n, NodeOp op, Unit a, Unit b, Unit *out) {
  *out = !a ? b : !b ? a : a == b ? a : UNIT_PERCENT;
  if (unit_class_same(a, b)) return true;
  const char *text = n->src->text.p + n->at;
  if (op == OP_SUB) check_fail(c, n, "%.*s takes %s from %s", (int)n->len, text, unit_name(b), unit_name(a));
  else check_fail(c, n, "%.*s adds %s to %s", (int)n->len, text, unit_name(b), unit_name(a));
  return false;
}

bool units_mul(Check *c, const Node *n, NodeOp op, Unit a, Unit b, Unit *out) {
  UnitClass x = class_of(a), y = class_of(b);
  if (op == OP_DIV) {
    if (x == MONEY && y == MONEY) *out = UNIT_PART;
    else if (y == PLAIN || y == RATIO || (x == MONEY && y != MONEY)) *out = a;
    else *out = UNIT_NONE;
    return true;
  }
  if (x == MONEY && y == MONEY) {
    check_fail(c, n, "%.*s multiplies ¥ by ¥", (int)n->len, n->src->text.p + n->at);
    return false;
  }
  if (x == MONEY || y == MONEY) *out = UNIT_MONEY;
  else if (x == PLAIN || (x == RATIO && y != PLAIN)) *out = b;
  else if (y == PLAIN || y == RATIO) *out = a;
  else *out = UNIT_NONE;
  return true;
}

bool unit_declare(Check *c, const Sym *s, Type have) {
  if (have.kind == T_ANY || have.kind == T_NULL) return true;
  if (type_is_span(have) && s->unit == UNIT_DAYS) return true;
  if (have.kind != T_NUM) {
    Buf b = {0};
    type_say(c->r->host, have, &b);
    src_err(c->e, &s->src, 0, s->src.text.n, "%.*s is declared %s, but its rule gives %.*s", STR_ARG(s->name),
            unit_name(s->unit), (int)b.n, b.p);
    buf_free(&b);
    return false;
  }
  UnitClass x = class_of(s->unit), y = class_of(have.unit);
  if (x == y || y == PLAIN || (x == POINTS && y == RATIO) || (x == RATIO && y == POINTS)) return true;
  return src_err(c->e, &s->src, 0, s->src.text.n, "%.*s is declared %s, but its rule gives %s",
                 STR_ARG(s->name), unit_name(s->unit), unit_name(have.unit));
}
