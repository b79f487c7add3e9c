#include "feel/check.h"

#include <string.h>

/* Does op look at a row or variable of `level` or further out? */
static bool reaches(const Op *op, int level) {
  if ((op->kind == K_OUTER || op->kind == K_VAR) && op->num <= level) return true;
  for (uint32_t i = 0; i < op->nkid; i++)
    if (reaches(op->kid[i], level)) return true;
  return false;
}

Op *op_make(Check *c, OpKind kind, const Node *n, Type t, size_t nkid, Op *const *kid) {
  Op *o = arena_zalloc(&c->r->arena, 1, sizeof *o);
  o->kind = (uint8_t)kind;
  o->node = n;
  o->type = t;
  o->nkid = (uint32_t)nkid;
  o->kid = arena_zalloc(&c->r->arena, nkid, sizeof *o->kid);
  for (size_t i = 0; i < nkid; i++) {
    o->kid[i] = kid[i];
    o->varies |= kid[i]->varies;
    o->dear |= kid[i]->dear;
    o->dated |= kid[i]->dated;
  }
  switch (kind) {
  case K_FIELD:
  case K_UNSET:
  case K_GIVEN:
  case K_ONE:
  case K_SELF:
  case K_OUTER:
  case K_VAR:
  case K_MEMO: o->varies = true; break;
  case K_METRIC:
  case K_OUTPUT:
  case K_SERIES:
  case K_SET:
  case K_FORECAST:
  case K_SEGMENT:
  case K_CHANGED:
  case K_MANY:
  case K_AT:
  case K_AT_ROWS:
  case K_FLAT:
  case K_METRIC_ROWS: o->varies = o->dear = o->dated = true; break;
  case K_ALL:
  case K_AGO:
  case K_POP: o->dear = o->dated = true; break;
  case K_ASOF:
  case K_INSIDE:
  case K_SINCE: o->dated = true; break;
  case K_FILTER:
  case K_EACH:
  case K_LATEST:
  case K_SIFT:
  case K_FOR:
  case K_QUANTIFY:
    if (nkid > 1) o->varies = kid[0]->varies || reaches(kid[1], c->scope ? c->scope->level : 0);
    break;
  default: break;
  }
  if (kind == K_MEMO) o->dear = false; /* it is there already */
  if (kind == K_SINCE) o->varies = kid[0]->varies;
  if (kind == K_AT || kind == K_AT_ROWS) o->varies = kid[0]->varies;
  return o;
}

Op *op_new(Check *c, OpKind kind, const Node *n, Type t) { return op_make(c, kind, n, t, 0, NULL); }
Op *op1(Check *c, OpKind kind, const Node *n, Type t, Op *a) {
  return op_make(c, kind, n, t, 1, (Op *[]){a});
}
Op *op2(Check *c, OpKind kind, const Node *n, Type t, Op *a, Op *b) {
  return op_make(c, kind, n, t, 2, (Op *[]){a, b});
}

Op *op_lit(Check *c, const Node *n, Val v, Type t) {
  Op *o = op_new(c, K_LIT, n, t);
  o->lit = v;
  return o;
}

/* AND, OR and NOT. Where the second side is dear it is asked only for the rows that need it. */
Op *op_bool(Check *c, OpKind kind, const Node *n, Op *a, Op *b) {
  if (!b) return op1(c, kind, n, type_of(T_BOOL), a);
  Op *o = op2(c, b->dear ? K_LOGIC : kind, n, type_of(T_BOOL), a, b);
  o->code = (uint8_t)kind;
  return o;
}

bool op_same(const Op *a, const Op *b) {
  if (a == b) return true;
  if (!a || !b) return false;
  if (a->kind != b->kind || a->code != b->code || a->how != b->how || a->num != b->num || a->nkid != b->nkid)
    return false;
  if (a->kind == K_LIT) return val_order(a->lit, b->lit) == 0;
  if (a->kind == K_TEMPLATE) return false;
  if (a->ref != b->ref) return false;
  for (uint32_t i = 0; i < a->nkid; i++)
    if (!op_same(a->kid[i], b->kid[i])) return false;
  return true;
}
