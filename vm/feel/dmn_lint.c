#include "feel/dmn_lint.h"

#include "base/num.h"
#include "feel/dmn_grid.h"
#include "feel/dmn_inside.h"
#include "feel/space.h"

#include <string.h>

enum { CASE = 1 };

typedef struct Lint {
  const Dmn *m;
  const DmnTable *t;
  Arena a;
  FeelHost host;
  HostField *field;            /* of the columns whose type a host has */
  const HostField **list;
  size_t n;
  Buf limits;                  /* the others, as definitions of fields */
} Lint;

/* --- a host of one entity, which is never asked for a row */

static int entity(void *ctx, Str name) {
  (void)ctx;
  return str_is(name, "case") || str_is(name, "cases") ? CASE : 0;
}

static const HostEntity *entity_info(void *ctx, int number) {
  static const HostEntity info = {.number = CASE, .name = {"case", 4}, .plural = {"cases", 5}, .key = {"case", 4}};
  (void)ctx;
  return number == CASE ? &info : NULL;
}

static const HostField *field(void *ctx, int number, Str name) {
  const Lint *l = ctx;
  for (size_t i = 0; number == CASE && i < l->n; i++)
    if (str_eq(l->field[i].name, name)) return &l->field[i];
  return NULL;
}

static size_t fields(void *ctx, int number, const HostField *const **list) {
  const Lint *l = ctx;
  *list = l->list;
  return number == CASE ? l->n : 0;
}

/* --- names, types, allowed values */

static bool taken(const Lint *l, const Str *name, size_t n, Str s) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(name[i], s)) return true;
  return field((void *)l, CASE, s) != NULL;
}

/* Told apart by a number where two become the same. */
static Str plain_name(Lint *l, Str s, const Str *before, size_t n) {
  Buf b = {0};
  s = str_trim(s);
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    bool letter = c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (i == 0 && c >= '0' && c <= '9') buf_char(&b, '_');
    buf_char(&b, letter ? (char)c : '_');
  }
  Str plain = {arena_strndup(&l->a, b.n ? b.p : "_", b.n ? b.n : 1), b.n ? b.n : 1};
  buf_free(&b);
  Err none = {0};
  Src src = {.text = plain, .line = 1, .col = 1};
  Node *x = feel_parse(&src, DIALECT_RULES, &l->a, &none);
  if (!x || x->kind != N_NAME) plain = str_of(arena_printf(&l->a, "%.*s_", STR_ARG(plain))); /* a word of the language */
  err_free(&none);
  Str own = plain;
  for (int k = 2; taken(l, before, n, own); k++) own = str_of(arena_printf(&l->a, "%.*s_%d", STR_ARG(plain), k));
  return own;
}

/* What the literals of a column say, when nothing declares it. */
static TypeKind kind_in(const Node *x) {
  if (!x) return T_NULL;
  if (x->kind == N_LIT)
    return val_is_num(x->lit)      ? T_NUM
           : x->lit.t == V_TEXT ? T_TEXT
           : x->lit.t == V_BOOL ? T_BOOL
           : x->lit.t == V_DATE ? T_DATE
                                : T_NULL;
  if (x->kind == N_CALL) return str_is(x->name, "date") ? T_DATE : T_NULL;
  for (uint32_t i = 0; i < x->nkid; i++) {
    TypeKind k = kind_in(x->kid[i]);
    if (k != T_NULL) return k;
  }
  return T_NULL;
}

static TypeKind kind_of(const StdType *t) {
  switch (t ? t->kind : STD_ANY) {
  case STD_NUMBER: return T_NUM;
  case STD_STRING: return T_TEXT;
  case STD_BOOLEAN: return T_BOOL;
  case STD_DATE: return T_DATE;
  case STD_ANY: return T_NULL;
  default: return T_ANY; /* not looked into */
  }
}

static const StdType *declared(const Lint *l, const DmnColumn *c) {
  if (c->type && c->type->kind != STD_ANY) return c->type;
  const DmnItem *item = dmn_find(l->m, str_trim(c->expr.src.text), 1U << DMN_INPUT | 1U << DMN_DECISION);
  return item ? dmn_item_type(item) : c->type;
}

/* "A", "B" as a set; NULL: they are something else. */
static const Domain *set_of(Lint *l, const Node *x) {
  if (!x || x->kind != N_TESTS || x->op) return NULL;
  Str *value = arena_alloc(&l->a, (x->nkid + 1) * sizeof *value);
  for (uint32_t i = 0; i < x->nkid; i++) {
    const Node *k = x->kid[i];
    if (k->kind == N_TEST && k->op == OP_EQ) k = k->kid[0];
    if (k->kind != N_LIT || k->lit.t != V_TEXT) return NULL;
    value[i] = val_str(k->lit);
  }
  Domain *d = arena_zalloc(&l->a, 1, sizeof *d);
  d->n = x->nkid;
  d->value = value;
  return d;
}

/* [0..100]: its ends; closed ones only. */
static bool limits_of(const Node *x, Val *low, Val *high) {
  if (!x || x->kind != N_TESTS || x->op || x->nkid != 1 || x->kid[0]->kind != N_RANGE) return false;
  const Node *r = x->kid[0];
  if (r->op != (VAL_RANGE_LOW_IN | VAL_RANGE_HIGH_IN) || !r->kid[0] || !r->kid[1]) return false;
  if (r->kid[0]->kind != N_LIT || r->kid[1]->kind != N_LIT) return false;
  *low = r->kid[0]->lit, *high = r->kid[1]->lit;
  return val_is_num(*low) && val_is_num(*high);
}

static void add_field(Lint *l, Str name, TypeKind kind, const Node *allowed) {
  Val low, high;
  if (kind == T_NUM && limits_of(allowed, &low, &high)) {
    buf_printf(&l->limits, "%.*s : number ", STR_ARG(name));
    num_print(low, &l->limits);
    buf_puts(&l->limits, "..");
    num_print(high, &l->limits);
    buf_char(&l->limits, '\n');
    return;
  }
  HostField *f = &l->field[l->n];
  *f = (HostField){.name = name, .kind = HOST_FIELD, .type = {.kind = kind}, .id = (int)l->n};
  if (kind == T_TEXT) f->type.domain = set_of(l, allowed);
  l->list[l->n++] = f;
}

static bool inputs(Lint *l, Str *name, Err *e) {
  const DmnTable *t = l->t;
  for (size_t i = 0; i < t->nin; i++) {
    const DmnColumn *c = &t->in[i];
    const StdType *type = declared(l, c);
    TypeKind kind = kind_of(type);
    for (size_t k = 0; k < t->nrule && kind == T_NULL; k++) kind = kind_in(t->rule[k].in[i].node);
    if (kind == T_ANY) {
      src_err(e, &c->expr.src, 0, c->expr.src.text.n, "a column of this type is not looked into");
      return false;
    }
    name[i] = plain_name(l, c->expr.src.text, name, i);
    add_field(l, name[i], kind == T_NULL ? T_TEXT : kind, c->values.node ? c->values.node : type ? type->allowed : NULL);
  }
  return true;
}

/* Outputs that only some values may have are fields of them, so that each cell is held against its set. */
static void outputs(Lint *l, Str *name) {
  const DmnTable *t = l->t;
  for (size_t i = 0; i < t->nout; i++) {
    const DmnColumn *c = &t->out[i];
    const Node *allowed = c->values.node ? c->values.node : c->type ? c->type->allowed : NULL;
    Str own = plain_name(l, c->name.n ? c->name : t->name, name, t->nin + i);
    name[t->nin + i] = own;
    if (set_of(l, allowed)) add_field(l, own, T_TEXT, allowed);
  }
}

static bool prepare(Lint *l, Str *name, Grid *g, Err *e) {
  return inputs(l, name, e) && (outputs(l, name), true) && grid_of_dmn(l->m, l->t, name, &l->a, g, e);
}

static bool define(const Lint *l, Rules *r, const Grid *g, Err *e) {
  Src block = {.text = buf_view(&l->limits), .line = 1, .col = 1};
  return (!block.text.n || rules_fields(r, block, e)) &&
         rules_table_grid(r, arena_strndup(&((Lint *)l)->a, l->t->name.p, l->t->name.n), g, e) && rules_check(r, e);
}

static bool one(const Dmn *m, const DmnTable *t, DmnLintFn fn, void *ctx, Err *e) {
  Lint l = {.m = m, .t = t};
  size_t n = t->nin + t->nout + 1;
  l.host = (FeelHost){.ctx = &l, .entity = entity, .entity_info = entity_info, .field = field, .fields = fields};
  l.field = arena_zalloc(&l.a, n, sizeof *l.field);
  l.list = arena_zalloc(&l.a, n, sizeof *l.list);
  Str *name = arena_zalloc(&l.a, n, sizeof *name);
  Grid g;
  Err fault = {0};
  DmnLint out = {.name = t->name, .line = t->xml->line, .rows = t->nrule, .why = &fault};
  Rules *r = NULL;
  if (prepare(&l, name, &g, &fault)) {
    r = rules_new(&l.host, DIALECT_RULES, "", "case");
    if (define(&l, r, &g, &fault)) out.r = r;
    else out.wrong = true;
  }
  bool ok = fn(ctx, &out, e);
  rules_free(r);
  err_free(&fault);
  buf_free(&l.limits);
  arena_free(&l.a);
  return ok;
}

static bool each_in(const Dmn *m, const DmnBox *b, DmnLintFn fn, void *ctx, Err *e) {
  if (!b) return true;
  if (b->kind == BOX_TABLE && !one(m, b->table, fn, ctx, e)) return false;
  for (size_t i = 0; i < b->nkid; i++)
    if (!each_in(m, b->kid[i], fn, ctx, e)) return false;
  return true;
}

bool dmn_lint(const Dmn *m, DmnLintFn fn, void *ctx, Err *e) {
  const DmnModel *own = m->model[0];
  for (size_t i = 0; i < own->nitem; i++)
    if (!each_in(m, own->item[i]->logic, fn, ctx, e)) return false;
  return true;
}
