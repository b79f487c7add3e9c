#include "feel/check.h"

#include "base/lang.h"

#include <string.h>

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

static const struct { const char *name; int values; } shape[] = {
    [SET_RANK] = {"rank", 1},       [SET_SHARE] = {"share", 1},       [SET_RUNNING] = {"running_share", 1},
    [SET_AHEAD] = {"share_ahead", 1}, [SET_QUANTILE] = {"quantile", 2}, [SET_CLASSES] = {"classes", 3},
    [SET_ZSCORE] = {"zscore", 1},   [SET_TIED] = {"tied", 1},
    [SET_GINI] = {"gini", 1},       [SET_HHI] = {"hhi", 1},           [SET_TOP_SHARE] = {"top_share", 2},
    [SET_CARRIERS] = {"carriers", 2}};

static Type type_of_set(SetFn fn, Type x) {
  switch (fn) {
    case SET_SHARE: case SET_RUNNING: case SET_AHEAD: case SET_TOP_SHARE: return type_num(UNIT_PERCENT);
    case SET_QUANTILE: return x;
    default: return type_num(UNIT_NONE);
  }
}

static bool rankable(Type t) {
  return t.kind == T_NUM || t.kind == T_ANY || t.kind == T_NULL || t.kind == T_DATE || t.kind == T_SECS ||
         t.kind == T_MONTHS;
}

static bool check_values(Check *c, const Node *n, SetFn fn, SetCall *s) {
  const Op *x = s->x;
  bool ordered_only = fn == SET_RANK || fn == SET_CLASSES || fn == SET_TIED;
  if (!rankable(x->type) ||
      (!ordered_only && x->type.kind != T_NUM && x->type.kind != T_ANY && x->type.kind != T_NULL)) {
    Buf b = {0};
    type_say(c->r->host, x->type, &b);
    check_fail(c, n->kid[0], "%s needs a number to order by, this is %.*s", shape[fn].name, (int)b.n, b.p);
    buf_free(&b);
    return false;
  }
  if ((fn == SET_QUANTILE || fn == SET_CLASSES) && !s->k) {
    check_fail(c, n,
               fn == SET_CLASSES ? "classes(x, 5): into how many classes?"
                                 : N_("quantile(x, 90%%): at which share?"));
    return false;
  }
  if ((fn == SET_TOP_SHARE || fn == SET_CARRIERS) && !s->k) {
    check_fail(c, n, "%s needs a share: %s(x, %s)", shape[fn].name, shape[fn].name,
               fn == SET_CARRIERS ? "80%" : "20%");
    return false;
  }
  if (s->k && (s->k->varies || s->k->type.kind != T_NUM)) {
    check_fail(c, n->kid[1], "this is a number, the same for every row");
    return false;
  }
  if (s->how && (s->how->varies || (s->how->type.kind != T_TEXT && s->how->type.kind != T_ANY))) {
    check_fail(c, n->kid[2], "classes are cut by 'quantile' or by 'ntile'");
    return false;
  }
  if (s->how && s->how->kind == K_LIT && s->how->lit.t == V_TEXT &&
      !str_is(val_str(s->how->lit), "quantile") && !str_is(val_str(s->how->lit), "ntile")) {
    check_fail(c, n->kid[2], "classes are cut by 'quantile' or by 'ntile'");
    return false;
  }
  return true;
}

static bool option(Check *c, const Node *o, SetCall *s) {
  bool within = str_is(o->name, "within");
  const Op **at = within ? &s->within : &s->among;
  if (*at) {
    check_fail(c, o, "%.*s is said twice", STR_ARG(o->name));
    return false;
  }
  *at = within ? check_node(c, o->kid[0]) : check_condition(c, o->kid[0]);
  return *at != NULL;
}

static bool read_kids(Check *c, const Node *n, SetFn fn, SetCall *s) {
  int values = 0;
  for (uint32_t i = 0; i < n->nkid; i++) {
    const Node *k = n->kid[i];
    if (k->kind == N_OPT) {
      if (!option(c, k, s)) return false;
      continue;
    }
    if (values >= shape[fn].values) {
      check_fail(c, k, "%s takes no more values", shape[fn].name);
      return false;
    }
    const Op *o = check_node(c, k);
    if (!o) return false;
    if (values == 0) s->x = o;
    else if (values == 1) s->k = o;
    else s->how = o;
    values++;
  }
  if (s->x) return true;
  check_fail(c, n, "%s needs a figure to look at", shape[fn].name);
  return false;
}

static const Op *classes_over(const Rules *r, const Op *x) {
  for (size_t i = 0; i < r->nsets; i++)
    if (r->sets[i]->code == SET_CLASSES && op_same(((const SetCall *)r->sets[i]->ref)->x, x)) return r->sets[i];
  for (size_t i = 0; i < r->nuse; i++) {
    const Op *o = classes_over(r->use[i], x);
    if (o) return o;
  }
  return NULL;
}

/* What is asked for a second time has the first one's answer. */
static const SetCall *call_of(const Rules *r, SetFn fn, const SetCall *s) {
  for (size_t i = 0; i < r->nsets; i++) {
    const SetCall *t = r->sets[i]->ref;
    if (r->sets[i]->code == fn && t->entity == s->entity && op_same(t->x, s->x) && op_same(t->within, s->within) &&
        op_same(t->among, s->among) && op_same(t->k, s->k) && op_same(t->how, s->how))
      return t;
  }
  return s;
}

Op *check_set_call(Check *c, const Node *n, SetFn fn) {
  const Scope *row = scope_row(c), *was = c->scope;
  if (!row) return check_fail(c, n, "%s compares rows; there are none here", shape[fn].name);
  Scope top = {.row = true, .entity = row->entity};
  SetCall *s = arena_zalloc(&c->r->arena, 1, sizeof *s);
  s->entity = row->entity;
  c->scope = &top;
  bool grouped = c->grouped;
  c->grouped = false;
  bool ok = read_kids(c, n, fn, s) && check_values(c, n, fn, s);
  c->scope = was;
  c->grouped = grouped;
  if (!ok) return NULL;
  Op *o = op_new(c, K_SET, n, type_of_set(fn, s->x->type));
  o->code = (uint8_t)fn;
  o->ref = fn == SET_TIED ? s : call_of(c->r, fn, s);
  mem_grow(c->r->sets, c->r->capsets, c->r->nsets + 1);
  c->r->sets[c->r->nsets++] = o;
  if (fn == SET_TIED) {
    const Op *cut = classes_over(c->r, s->x);
    if (!cut)
      return check_fail(c, n, "tied(%.*s): nothing is cut into classes by it", STR_ARG(text_of(n->kid[0])));
    o->kid = arena_zalloc(&c->r->arena, 1, sizeof *o->kid);
    o->kid[0] = (Op *)cut;
    o->nkid = 1;
  }
  return at_scope(c, row, o, n);
}
