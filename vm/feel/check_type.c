#include "feel/check.h"

#include "base/lang.h"

#include <string.h>

Type type_list(Check *c, Type of) {
  Type *t = arena_zalloc(&c->r->arena, 1, sizeof *t);
  *t = of;
  return (Type){.kind = T_LIST, .unit = of.unit, .entity = of.entity, .domain = of.domain, .of = t};
}

Type type_element(Type list) {
  if (list.kind == T_ROWS) return (Type){.kind = T_ROW, .entity = list.entity};
  return list.of ? *list.of : type_of(T_ANY);
}

bool type_is_span(Type t) {
  return t.kind == T_SECS || t.kind == T_MONTHS || (t.kind == T_NUM && t.unit == UNIT_DAYS);
}

bool type_fits(Type want, Type have) {
  if (want.kind == T_ANY || have.kind == T_ANY || have.kind == T_NULL) return true;
  if (want.kind == T_LIST && have.kind == T_ROWS) return true;
  if (want.kind == T_WINDOW) return have.kind == T_WINDOW || have.kind == T_MONTHS || have.kind == T_SECS;
  if (want.kind == T_ROW) return have.kind == T_ROW && (!want.entity || want.entity == have.entity);
  return want.kind == have.kind;
}

static Type of_list(Rules *r, Val v, Unit unit) {
  Type *of = arena_zalloc(&r->arena, 1, sizeof *of);
  *of = v.n ? type_of_val(r, v.u.v[0], unit) : type_of(T_ANY);
  for (uint32_t i = 1; i < v.n; i++)
    if (type_of_val(r, v.u.v[i], unit).kind != of->kind) *of = type_of(T_ANY);
  return (Type){.kind = T_LIST, .unit = of->unit, .entity = of->entity, .of = of};
}

Type type_of_val(Rules *r, Val v, Unit unit) {
  switch ((ValType)v.t) {
    case V_NULL: return type_of(T_NULL);
    case V_BOOL: return type_of(T_BOOL);
    case V_NUM: case V_BIG: case V_REAL: return type_num(unit);
    case V_NEVER: return type_num(UNIT_DAYS);
    case V_TEXT: return type_of(T_TEXT);
    case V_DATE: return type_of(T_DATE);
    case V_TIME: return type_of(T_TIME);
    case V_DATETIME: return type_of(T_DATETIME);
    case V_SECS: return type_of(T_SECS);
    case V_MONTHS: return type_of(T_MONTHS);
    case V_WINDOW: return type_of(T_WINDOW);
    case V_LIST: return of_list(r, v, unit);
    case V_RANGE: return type_of(T_RANGE);
    case V_CONTEXT: return type_of(T_CONTEXT);
    case V_FUNC: return type_of(T_FUNC);
    case V_ROW: return (Type){.kind = T_ROW, .entity = (int)v.n};
  }
  return type_of(T_ANY);
}

static bool domains_equal(const Domain *a, const Domain *b) {
  if (a == b) return true;
  if (!a || !b || a->n != b->n || a->ranked != b->ranked) return false;
  for (size_t i = 0; i < a->n; i++)
    if (!str_eq(a->value[i], b->value[i])) return false;
  return true;
}

Type type_join(Check *c, Type a, Type b) {
  if (a.kind == T_NULL) return b;
  if (b.kind == T_NULL) return a;
  if (a.kind == T_ROWS && b.kind == T_ROWS && a.entity == b.entity) return a;
  if ((a.kind == T_LIST || a.kind == T_ROWS) && (b.kind == T_LIST || b.kind == T_ROWS))
    return type_list(c, type_join(c, type_element(a), type_element(b)));
  if (a.kind != b.kind) return type_of(T_ANY);
  Type t = a;
  if (a.unit != b.unit)
    t.unit = !a.unit ? b.unit : !b.unit ? a.unit : unit_class_same(a.unit, b.unit) ? UNIT_PERCENT : UNIT_NONE;
  if (!domains_equal(a.domain, b.domain)) t.domain = NULL;
  if (a.kind == T_ROW && a.entity != b.entity) return type_of(T_ANY);
  return t;
}

void type_say(const FeelHost *h, Type t, Buf *out) {
  switch (t.kind) {
    case T_ROW: buf_say(out, "one %.*s", STR_ARG(entity_name(h, t.entity))); break;
    case T_ROWS: buf_say(out, "%.*s (rows)", STR_ARG(entity_plural(h, t.entity))); break;
    case T_LIST:
      if (t.of && t.of->kind != T_ANY && t.of->kind != T_NULL) buf_say(out, "a list of %s", _(type_name(t.of->kind)));
      else buf_say(out, "a list");
      break;
    case T_NUM:
      if (t.unit) buf_puts(out, unit_name(t.unit));
      else buf_say(out, "a number");
      break;
    case T_TEXT: case T_NULL: case T_BOOL: buf_puts(out, _(type_name(t.kind))); break;
    default: buf_say(out, "a %s", _(type_name(t.kind)));
  }
}
