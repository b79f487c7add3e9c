#include "feel/check.h"

#include "base/lang.h"
#include "base/num.h"

#include <string.h>

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

static bool is_null_lit(const Node *n) { return n->kind == N_LIT && n->lit.t == V_NULL; }
static bool is_compare(int op) { return op >= OP_EQ && op <= OP_GE; }
static bool is_any(Type t) { return t.kind == T_ANY || t.kind == T_NULL; }

/* --- lists of the same rows, element by element ------------------------- */

static Op *into_rows(Check *c, const Node *n, Op *o) {
  if (!o->varies) return o;
  Op *outer = op_new(c, K_OUTER, n, (Type){.kind = T_ROW});
  outer->num = c->scope ? c->scope->level : 0;
  return op2(c, K_AT, n, o->type, outer, o);
}

Op *lift2(Check *c, const Node *n, Op *a, Op *b, Op *(*make)(Check *, const Node *, Op *, Op *)) {
  if (a->kind != K_EACH && b->kind != K_EACH) return make(c, n, a, b);
  if (a->kind == K_EACH && b->kind == K_EACH && !op_same(a->kid[0], b->kid[0])) {
    check_fail(c, n, "%.*s puts two lists of different rows together", STR_ARG(text_of(n)));
    err_todo(c->e, "add each list up first: sum(…) of one and sum(…) of the other");
    return NULL;
  }
  Op *rows = a->kind == K_EACH ? a->kid[0] : b->kid[0];
  Op *x = a->kind == K_EACH ? a->kid[1] : into_rows(c, n, a);
  Op *y = b->kind == K_EACH ? b->kid[1] : into_rows(c, n, b);
  Op *inner = make(c, n, x, y);
  return inner ? op2(c, K_EACH, n, type_list(c, inner->type), rows, inner) : NULL;
}

/* --- arithmetic --------------------------------------------------------- */

static Op *no_arith(Check *c, const Node *n, const Op *a, const Op *b) {
  static const char *const verb[] = {[OP_ADD] = N_("add"),
                                     [OP_SUB] = N_("subtract"),
                                     [OP_MUL] = "multiply",
                                     [OP_DIV] = "divide",
                                     [OP_POW] = "raise"};
  Buf x = {0}, y = {0};
  type_say(c->r->host, a->type, &x);
  type_say(c->r->host, b->type, &y);
  check_fail(c, n, "%.*s: cannot %s %.*s and %.*s", STR_ARG(text_of(n)), _(verb[n->op]), (int)x.n, x.p, (int)y.n,
             y.p);
  if ((a->type.kind == T_LIST || b->type.kind == T_LIST) ||
      (a->type.kind == T_ROWS || b->type.kind == T_ROWS))
    err_todo(c->e, "a list is added up with sum(…), counted with count(…)");
  else if (a->type.kind == T_DATE && b->type.kind == T_NUM) err_todo(c->e, "days are written 30d");
  else if (a->type.kind == T_TEXT || b->type.kind == T_TEXT)
    err_todo(c->e, "text becomes a number with number(…), a number text with string(…)");
  buf_free(&x);
  buf_free(&y);
  return NULL;
}

/* 5万, 1.2亿: an amount, if a bare one. */
static bool amount(const Node *n, const Op *o) {
  Str said = text_of(n);
  return o->kind == K_LIT && n->kind == N_LIT && !o->type.unit && said.n && ((unsigned char)said.p[said.n - 1] & 0x80);
}

static bool share(const Op *o) { return o->type.unit == UNIT_PERCENT || o->type.unit == UNIT_PART; }

/* 1 + 3% is a factor; 5万 + 3% is nothing. */
static bool amount_slip(Check *c, const Node *n, const Op *a, const Op *b) {
  bool first = n->nkid == 2 && amount(n->kid[0], a) && share(b);
  if (!first && !(n->nkid == 2 && amount(n->kid[1], b) && share(a))) return false;
  bool less = n->op == OP_SUB;
  Str said = text_of(n->kid[!first]), part = text_of(n->kid[first]);
  if (less && !first) check_fail(c, n, "%.*s takes an amount from %s", STR_ARG(text_of(n)), unit_name(a->type.unit));
  else check_fail(c, n, less ? "%.*s takes %s from an amount" : N_("%.*s adds %s to an amount"), STR_ARG(text_of(n)),
                  unit_name((first ? b : a)->type.unit));
  err_todo(c->e, "a part of %.*s is %.*s * %.*s", STR_ARG(said), STR_ARG(said), STR_ARG(part));
  return true;
}

static Op *make_arith(Check *c, const Node *n, Op *a, Op *b) {
  TypeKind x = a->type.kind, y = b->type.kind;
  bool spanx = x == T_SECS || x == T_MONTHS, spany = y == T_SECS || y == T_MONTHS;
  Type t;
  NodeOp op = (NodeOp)n->op;
  if (is_any(a->type) && is_any(b->type)) {
    t = type_of(T_ANY);
  } else if ((x == T_NUM || is_any(a->type)) && (y == T_NUM || is_any(b->type))) {
    Unit unit = UNIT_NONE;
    Unit ux = a->type.unit, uy = b->type.unit;
    if ((op == OP_ADD || op == OP_SUB) && amount_slip(c, n, a, b)) return NULL;
    bool fine = op == OP_ADD || op == OP_SUB ? units_add(c, n, op, ux, uy, &unit)
                : op == OP_POW               ? true
                                             : units_mul(c, n, op, ux, uy, &unit);
    if (!fine) return NULL;
    bool part = op == OP_MUL && n->nkid == 2 && ((amount(n->kid[0], a) && share(b)) || (amount(n->kid[1], b) && share(a)));
    t = type_num(part ? UNIT_NONE : unit);
  } else if (op == OP_ADD && (x == T_TEXT || y == T_TEXT) && (x == y || is_any(a->type) || is_any(b->type))) {
    t = type_of(T_TEXT);
  } else if (x == T_DATE && y == T_DATE && op == OP_SUB) {
    t = type_of(T_SECS);
  } else if (x == T_DATE && (op == OP_ADD || op == OP_SUB) && (type_is_span(b->type) || is_any(b->type))) {
    t = type_of(T_DATE);
  } else if (y == T_DATE && (op == OP_ADD || (op == OP_SUB && x == T_NULL)) &&
             (type_is_span(a->type) || is_any(a->type))) {
    t = type_of(T_DATE);
  } else if ((op == OP_ADD || op == OP_SUB) && (spanx || spany) &&
             (x == y || is_any(a->type) || is_any(b->type) ||
              (type_is_span(a->type) && type_is_span(b->type) && x != T_MONTHS && y != T_MONTHS))) {
    t = is_any(a->type) ? b->type : x == T_NUM || y == T_NUM ? type_of(T_SECS) : a->type;
  } else if (op == OP_MUL &&
             ((spanx && (y == T_NUM || is_any(b->type))) || (spany && (x == T_NUM || is_any(a->type))))) {
    t = spanx ? type_of(x) : type_of(y);
  } else if (op == OP_DIV && spanx && (y == T_NUM || is_any(b->type))) {
    t = y == T_NUM && b->type.unit == UNIT_DAYS && x == T_SECS ? type_num(UNIT_NONE) : type_of(x);
  } else if (op == OP_DIV && spany &&
             (x == y || is_any(a->type) || (x == T_NUM && a->type.unit == UNIT_DAYS && y == T_SECS))) {
    t = type_num(UNIT_NONE);
  } else {
    return no_arith(c, n, a, b);
  }
  /* days as a number and a duration of days: both as the duration */
  Op *o = op2(c, K_ARITH, n, t, a, b);
  o->code = (uint8_t)op;
  return o;
}

/* --- domains ------------------------------------------------------------ */

void domain_list(const Domain *d, const char *sep, Buf *out) {
  for (size_t i = 0; i < d->n; i++) buf_printf(out, "%s%.*s", i ? sep : "", STR_ARG(d->value[i]));
}

ptrdiff_t domain_rank(const Domain *d, Str value) {
  for (size_t i = 0; i < d->n; i++)
    if (str_eq(d->value[i], value)) return (ptrdiff_t)i;
  return -1;
}

static Str nearest(const Domain *d, Str value) {
  int best = 3;
  Str hit = {0};
  Buf a = {0}, b = {0};
  for (size_t i = 0; i < value.n; i++)
    buf_char(&a, (char)(value.p[i] >= 'A' && value.p[i] <= 'Z' ? value.p[i] + 32 : value.p[i]));
  for (size_t i = 0; i < d->n; i++) {
    Str v = d->value[i];
    buf_clear(&b);
    for (size_t k = 0; k < v.n; k++)
      buf_char(&b, (char)(v.p[k] >= 'A' && v.p[k] <= 'Z' ? v.p[k] + 32 : v.p[k]));
    int far = str_distance(buf_view(&a), buf_view(&b), 2);
    if (far < best && (size_t)far < utf8_count(v)) best = far, hit = v;
  }
  buf_free(&a);
  buf_free(&b);
  return hit;
}

bool domain_holds(Check *c, const Node *n, Str what, const Domain *d, Str value) {
  if (!d || domain_rank(d, value) >= 0) return true;
  Buf b = {0};
  domain_list(d, ", ", &b);
  check_fail(c, n, "%.*s is one of %.*s; '%.*s' never occurs", STR_ARG(what), (int)b.n, b.p, STR_ARG(value));
  buf_free(&b);
  Str near = nearest(d, value);
  if (near.n) err_todo(c->e, "did you mean '%.*s'?", STR_ARG(near));
  return false;
}

static bool name_ranked(Check *c, const HostField *f, const char *prefix) {
  const Domain *d = f->type.domain;
  if (f->kind != HOST_FIELD || !d || !d->ranked || !d->n) return false;
  Buf b = {0};
  domain_list(d, " > ", &b);
  err_todo(c->e, "Ranked fields have one: %s%.*s > '%.*s' (%.*s)", prefix, STR_ARG(f->name),
           STR_ARG(d->value[d->n > 1 ? 1 : 0]), (int)b.n, b.p);
  buf_free(&b);
  return true;
}

/* owner.level > '省' (总部 > 省 > 地市 > 客户经理): of what it belongs to, for that is less known, or of its own. */
static bool suggest_ranked(Check *c, int entity, const char *prefix, int depth) {
  const HostField *const *list;
  size_t n = host_fields(c->r->host, entity, &list);
  bool found = false;
  for (size_t i = 0; depth && i < n && !found; i++) {
    if (list[i]->kind != HOST_ONE || list[i]->target == entity) continue;
    Buf b = {0};
    buf_printf(&b, "%s%.*s.", prefix, STR_ARG(list[i]->name));
    found = suggest_ranked(c, list[i]->target, b.p, depth - 1);
    buf_free(&b);
  }
  for (size_t i = 0; i < n && !found; i++) found = name_ranked(c, list[i], prefix);
  return found;
}

/* --- comparisons -------------------------------------------------------- */

static Op *no_compare(Check *c, const Node *n, const Op *a, const Op *b) {
  Buf x = {0}, y = {0};
  type_say(c->r->host, a->type, &x);
  type_say(c->r->host, b->type, &y);
  check_fail(c, n, "%.*s compares %.*s with %.*s", STR_ARG(text_of(n)), (int)x.n, x.p, (int)y.n, y.p);
  if (a->type.kind == T_DATE && b->type.kind == T_TEXT)
    err_todo(c->e, "dates are written without quotes: 2026-11-01");
  else if ((a->type.kind == T_LIST || a->type.kind == T_ROWS) && a->type.kind != b->type.kind)
    err_todo(c->e, "of a list ask: any(…), count(…), some x in … satisfies …, or 'value' in the list");
  else if (a->type.kind == T_TEXT && b->type.kind == T_NUM)
    err_todo(c->e, "text becomes a number with number(…)");
  buf_free(&x);
  buf_free(&y);
  return NULL;
}

static Op *make_compare(Check *c, const Node *n, NodeOp op, CmpHow how, const Domain *d, Op *a, Op *b) {
  Op *o = op2(c, K_CMP, n, type_of(T_BOOL), a, b);
  o->code = (uint8_t)op;
  o->how = (uint8_t)how;
  o->ref = d;
  if (how == CMP_DAYS) o->dated = true;
  return o;
}

/* A number beside values such as '3': the value's text. */
static Op *as_word(Check *c, Op *o, const Node *n) {
  if (!n || o->kind != K_LIT || o->type.kind != T_NUM || n->kind != N_LIT) return o;
  return op_lit(c, n, val_text(rules_copy(c->r, text_of(n))), type_of(T_TEXT));
}

/* One may go on below where the other ends (levels of authority, and "none of them"): the order is the same. */
static bool domain_same(const Domain *a, const Domain *b) {
  if (a->n != b->n && !(a->ranked && b->ranked)) return false;
  for (size_t i = 0; i < a->n && i < b->n; i++)
    if (!str_eq(a->value[i], b->value[i])) return false;
  return true;
}

static Op *compare_text(Check *c, const Node *n, NodeOp op, Op *a, Op *b, const Node *na, const Node *nb) {
  const Domain *d = a->type.domain, *e = b->type.domain;
  if (d && b->kind == K_LIT && b->lit.t == V_TEXT &&
      !domain_holds(c, nb ? nb : n, text_of(na ? na : n), d, val_str(b->lit)))
    return NULL;
  if (e && a->kind == K_LIT && a->lit.t == V_TEXT &&
      !domain_holds(c, na ? na : n, text_of(nb ? nb : n), e, val_str(a->lit)))
    return NULL;
  if (op == OP_EQ || op == OP_NE) return make_compare(c, n, op, CMP_PLAIN, NULL, a, b);
  const Domain *rank = d && d->ranked ? d : e && e->ranked ? e : NULL;
  if (rank && d && e && !domain_same(d, e)) {
    check_fail(c, n, "%.*s compares ranks of two different orders", STR_ARG(text_of(n)));
    return NULL;
  }
  if (rank && d && e && e->n > d->n) rank = e;
  if (rank) return make_compare(c, n, op, CMP_RANK, rank, a, b);
  const Node *at = na && a->kind != K_LIT ? na : nb ? nb : n;
  check_fail(c, n, "%.*s is text without an order", STR_ARG(text_of(at)));
  const Scope *row = scope_row(c);
  suggest_ranked(c, row ? row->entity : c->r->entity, "", 1);
  return NULL;
}

/* A percentage beside a bare 15, which would be 1,500 %. DMN has no percent sign, so there it is what it says. */
static bool percent_slip(Check *c, const Op *value, const Op *lit, const Node *n) {
  static const char DMN[] = ".dmn";
  if (value->type.unit != UNIT_PERCENT || lit->kind != K_LIT || lit->type.unit || !val_is_num(lit->lit) || !n) return false;
  const char *file = n->src->file;
  size_t at = file ? strlen(file) : 0;
  if (at >= sizeof DMN - 1 && strcmp(file + at - (sizeof DMN - 1), DMN) == 0) return false;
  if (num_cmp(num_abs(lit->lit, &c->r->arena), val_int(1)) <= 0) return false;
  Str said = text_of(n);
  Buf all = {0};
  num_print(num_mul(lit->lit, val_int(100), &c->r->arena), &all);
  check_fail(c, n, "%.*s beside a percentage would be %.*s %%", STR_ARG(said), STR_ARG(buf_view(&all)));
  err_todo(c->e, "write %.*s%%, or %.*s%% if that is meant", STR_ARG(said), STR_ARG(buf_view(&all)));
  buf_free(&all);
  return true;
}

Op *check_compare(Check *c, const Node *n, NodeOp op, Op *a, Op *b, const Node *na, const Node *nb) {
  if (op_is_rows(a)) a = op_list_of_rows(c, a);
  if (op_is_rows(b)) b = op_list_of_rows(c, b);
  if (a->varies && op_same(a, b)) {
    check_fail(c, n, "%.*s compares a thing with itself", STR_ARG(text_of(n)));
    if (c->scope && c->scope->up) err_todo(c->e, "the outer one is this.%.*s", STR_ARG(text_of(nb ? nb : n)));
    return NULL;
  }
  if (a->type.domain && b->type.kind == T_NUM) b = as_word(c, b, nb);
  if (b->type.domain && a->type.kind == T_NUM) a = as_word(c, a, na);
  TypeKind x = a->type.kind, y = b->type.kind;
  bool equal = op == OP_EQ || op == OP_NE;
  if (is_any(a->type) || is_any(b->type)) return make_compare(c, n, op, CMP_PLAIN, NULL, a, b);
  if (x == T_TEXT && y == T_TEXT) return compare_text(c, n, op, a, b, na, nb);
  if (x == T_NUM && y == T_NUM && (percent_slip(c, a, b, nb) || percent_slip(c, b, a, na))) return NULL;
  if (x == T_NUM && y == T_NUM)
    return units_compare(c, n, a->type.unit, b->type.unit) ? make_compare(c, n, op, CMP_PLAIN, NULL, a, b)
                                                           : NULL;
  bool spanx = x == T_SECS || x == T_MONTHS, spany = y == T_SECS || y == T_MONTHS;
  if ((spanx || spany) && (spanx || x == T_NUM) && (spany || y == T_NUM)) {
    Unit ux = spanx ? UNIT_DAYS : a->type.unit, uy = spany ? UNIT_DAYS : b->type.unit;
    bool plain = x == y && !(x == T_SECS && y == T_MONTHS);
    return units_compare(c, n, ux, uy) ? make_compare(c, n, op, plain ? CMP_PLAIN : CMP_DAYS, NULL, a, b)
                                       : NULL;
  }
  if (x == T_ROW && y == T_ROW && equal &&
      (a->type.entity == b->type.entity || !a->type.entity || !b->type.entity))
    return make_compare(c, n, op, CMP_PLAIN, NULL, a, b);
  if (x != y || x == T_ROW ||
      (!equal && (x == T_BOOL || x == T_LIST || x == T_RANGE || x == T_WINDOW || x == T_CONTEXT)))
    return no_compare(c, n, a, b);
  return make_compare(c, n, op, CMP_PLAIN, NULL, a, b);
}

static Op *check_logic(Check *c, const Node *n) {
  Op *a = check_condition(c, n->kid[0]);
  Op *b = a ? check_condition(c, n->kid[1]) : NULL;
  return b ? op_bool(c, n->op == OP_AND ? K_AND : K_OR, n, a, b) : NULL;
}

static Op *check_null(Check *c, const Node *n, const Node *x) {
  Op *a = check_node(c, x);
  if (!a) return NULL;
  if (op_is_rows(a)) {
    check_fail(c, n, "rows are never unknown: a list may be empty");
    err_todo(c->e, "is there one? any(%.*s)", STR_ARG(text_of(x)));
    return NULL;
  }
  Op *o = op1(c, K_ISNULL, n, type_of(T_BOOL), a);
  o->code = n->op == OP_NE;
  return o;
}

void compared_met(Check *c, const Node *n, const Op *o) {
  bool made = n->kind == N_CALL || n->kind == N_NEG || n->kind == N_BIN;
  if (made && o->varies && !op_is_rows(o) && o->type.kind != T_BOOL && !c->nparam) name_met(c, text_of(n));
}

Op *check_binary(Check *c, const Node *n) {
  if (n->op == OP_AND || n->op == OP_OR) return check_logic(c, n);
  if (n->op == OP_EQ || n->op == OP_NE) {
    if (is_null_lit(n->kid[1])) return check_null(c, n, n->kid[0]);
    if (is_null_lit(n->kid[0])) return check_null(c, n, n->kid[1]);
  }
  Op *side[2];
  for (int i = 0; i < 2; i++) {
    if (!(side[i] = check_any(c, n->kid[i]))) return NULL;
    if (side[i]->type.kind == T_SERIES) return measure_bare(c, n->kid[i], n);
  }
  for (int i = 0; is_compare(n->op) && i < 2; i++) compared_met(c, n->kid[i], side[i]);
  if (is_compare(n->op)) return check_compare(c, n, (NodeOp)n->op, side[0], side[1], n->kid[0], n->kid[1]);
  return lift2(c, n, side[0], side[1], make_arith);
}
