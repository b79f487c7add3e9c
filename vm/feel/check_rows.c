#include "feel/check.h"

#include "base/lang.h"

#include <string.h>

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

static Op *pick(Check *c, const Node *n, Op *list, Op *index) {
  if (index->type.unit) return check_fail(c, n->kid[1], "an element is picked by its number");
  return op2(c, K_PICK, n, type_element(list->type), list, index);
}

static Op *not_condition(Check *c, const Node *n, const Op *o) {
  Buf b = {0};
  type_say(c->r->host, o->type, &b);
  check_fail(c, n, "%.*s is %.*s, not a condition", STR_ARG(text_of(n)), (int)b.n, b.p);
  buf_free(&b);
  return NULL;
}

static bool holds(Type t) { return t.kind == T_BOOL || t.kind == T_ANY || t.kind == T_NULL; }

Op *check_filter(Check *c, const Node *n) {
  Op *base = check_any(c, n->kid[0]);
  if (!base) return NULL;
  if (base->type.kind == T_SERIES) {
    measure_bare(c, n->kid[0], n->kid[0]);
    return NULL;
  }
  bool rows = op_is_rows(base);
  if (!rows && base->type.kind != T_LIST && base->type.kind != T_ANY) {
    Buf b = {0};
    type_say(c->r->host, base->type, &b);
    check_fail(c, n->kid[0], "[ ] selects from rows or a list, this is %.*s", (int)b.n, b.p);
    buf_free(&b);
    return NULL;
  }
  Scope inner = {.level = c->scope ? c->scope->level + 1 : 1, .row = rows, .entity = base->type.entity,
                 .var = STR("item"), .type = type_element(base->type), .up = c->scope};
  c->scope = &inner;
  size_t names = c->nname;
  Op *cond = check_node(c, n->kid[1]);
  c->scope = inner.up;
  if (!cond) return NULL;
  c->nname = names;
  if (cond->type.kind == T_NUM) {
    if (cond->varies && cond->kind != K_ARG) return not_condition(c, n->kid[1], cond);
    return pick(c, n, rows ? op_list_of_rows(c, base) : base, cond);
  }
  if (!holds(cond->type)) return not_condition(c, n->kid[1], cond);
  if (rows) return op2(c, K_FILTER, n, base->type, base, cond);
  return op2(c, K_SIFT, n, base->type, base, cond);
}

/* What is gone through: rows and lists as they are, 1..n as its numbers. */
static Op *domain_of(Check *c, const Node *n) {
  Op *o = check_node(c, n);
  if (!o) return NULL;
  if (op_is_rows(o)) return op_list_of_rows(c, o);
  if (o->type.kind == T_RANGE)
    return call_func(c, n, func_find(STR("range")), (Op *[]){o}, (const Node *[]){n}, 1);
  if (o->type.kind == T_LIST || o->type.kind == T_ANY) return o;
  Buf b = {0};
  type_say(c->r->host, o->type, &b);
  check_fail(c, n, "a list or rows are needed here, this is %.*s", (int)b.n, b.p);
  buf_free(&b);
  return NULL;
}

static Op *iterate(Check *c, const Node *n, uint32_t at) {
  if (at + 1 == n->nkid) return n->kind == N_FOR ? check_node(c, n->kid[at]) : check_condition(c, n->kid[at]);
  Op *list = domain_of(c, n->kid[at]);
  if (!list) return NULL;
  Scope inner = {.level = c->scope ? c->scope->level + 1 : 1,
                 .var = n->names[at],
                 .type = type_element(list->type),
                 .up = c->scope};
  c->scope = &inner;
  Op *body = iterate(c, n, at + 1);
  c->scope = inner.up;
  if (!body) return NULL;
  if (op_is_rows(body)) body = op_list_of_rows(c, body);
  if (n->kind != N_FOR) {
    Op *o = op2(c, K_QUANTIFY, n, type_of(T_BOOL), list, body);
    o->code = n->kind;
    return o;
  }
  bool flat = at + 2 < n->nkid;
  Op *o = op2(c, K_FOR, n, flat ? body->type : type_list(c, body->type), list, body);
  o->code = flat;
  return o;
}

Op *check_quantified(Check *c, const Node *n) { return iterate(c, n, 0); }

Op *check_latest(Check *c, const Node *n, Op *each) {
  Op *rows = each->kind == K_EACH ? each->kid[0] : each;
  const HostEntity *info = host_info(c->r->host, rows->type.entity);
  Str plural = entity_plural(c->r->host, rows->type.entity);
  if (each->kind != K_EACH) {
    check_fail(c, n, "latest(%.*s): which figure of the last row?", STR_ARG(text_of(n->kid[0])));
    err_todo(c->e, "write it behind a point: latest(%.*s.…)", STR_ARG(text_of(n->kid[0])));
    return NULL;
  }
  Op *day = info && info->day.n ? name_of_row(c, n, rows->type.entity, info->day) : NULL;
  if (!day || day->type.kind != T_DATE)
    return check_fail(c, n, "rows of %.*s have no day of their own: none is the latest", STR_ARG(plural));
  Op *o = op_make(c, K_LATEST, n, each->kid[1]->type, 3, (Op *[]){rows, each->kid[1], day});
  o->dated = true;
  return o;
}

/* --- other days --------------------------------------------------------- */

/* The one window that x looks through, for pop(x). */
static bool window_of(const Op *o, Op **out) {
  if (o->kind == K_METRIC) return window_of(((const Sym *)o->ref)->op, out);
  if (o->kind == K_SERIES) {
    if (*out && !op_same(*out, o->kid[0])) return false;
    *out = o->kid[0];
    return true;
  }
  for (uint32_t i = 0; i < o->nkid; i++)
    if (!window_of(o->kid[i], out)) return false;
  return true;
}

static Op *make_ago(Check *c, const Node *n, Op *x, Op *back) {
  Op *o = op2(c, K_AGO, n, x->type, x, back);
  o->varies = x->varies;
  return o;
}

Op *check_ago(Check *c, const Node *n, Str how) {
  bool ago = str_is(how, "ago");
  if (n->nkid != (ago ? 2 : 1))
    return check_fail(c, n, ago ? "ago(x, 12m): what, and how long ago?" : N_("%.*s(x) takes one figure"),
                      STR_ARG(how));
  Op *x = check_node(c, n->kid[0]);
  if (!x) return NULL;
  if (op_is_rows(x)) {
    check_fail(c, n->kid[0], "%.*s looks at a figure, not at rows", STR_ARG(how));
    err_todo(c->e, "count(…) them, or add one of their figures up, inside %.*s(…)", STR_ARG(how));
    return NULL;
  }
  if (ago) {
    Op *w = check_window(c, n->kid[1]);
    return w ? make_ago(c, n, x, w) : NULL;
  }
  if (x->type.kind != T_NUM && x->type.kind != T_ANY) {
    Buf b = {0};
    type_say(c->r->host, x->type, &b);
    check_fail(c, n->kid[0], "%.*s compares figures, this is %.*s", STR_ARG(how), (int)b.n, b.p);
    buf_free(&b);
    return NULL;
  }
  Op *back = NULL;
  if (str_is(how, "yoy")) {
    back = op_lit(c, n, val_months(12), type_of(T_MONTHS));
  } else if (!window_of(x, &back) || !back) {
    check_fail(c, n, "pop compares with the window before: which window?");
    err_todo(c->e, "pop(sum(revenue, 3m)) has one; otherwise x / ago(x, 3m) - 1");
    return NULL;
  }
  return call_func(c, n, func_find(STR("growth")), (Op *[]){x, make_ago(c, n, x, back)},
                   (const Node *[]){n->kid[0], n->kid[0]}, 2);
}
