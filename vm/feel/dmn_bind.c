#include "feel/dmn_inside.h"

#include <string.h>

typedef struct Bind {
  Dmn *d;
  DmnModel *m;
  Err *e;
} Bind;

/* --- texts */

/* The names that a text may use and that are more than a plain word. */
static Str *known_names(Bind *b, const DmnNames *scope, size_t *out) {
  size_t n = b->d->nmember;
  for (const DmnNames *s = scope; s; s = s->up) n += s->n;
  Str *known = mem_alloc((n + 1) * sizeof *known);
  n = 0;
  for (const DmnNames *s = scope; s; s = s->up)
    for (size_t i = 0; i < s->n; i++)
      if (s->name[i].n) known[n++] = s->name[i];
  for (size_t i = 0; i < b->d->nmember; i++) known[n++] = b->d->member[i];
  *out = n;
  return known;
}

typedef Node *Parse(const Src *src, const Str *known, size_t n, Arena *a, Err *e);

/* The letter of the standard: what cannot be parsed is null when it is asked for. */
static bool parse(Bind *b, DmnText *t, const DmnNames *scope, Parse *how) {
  if (!t->src.text.n) return true;
  Err fault = {0};
  size_t n;
  Str *known = known_names(b, scope, &n);
  const Node *node = how(&t->src, known, n, &b->d->arena, &fault);
  mem_free(known);
  bool strict = b->d->mode == DMN_STRICT;
  if (node && strict) {
    Src *src = arena_alloc(&b->d->arena, sizeof *src);
    *src = t->src;
    dmn_check_names(src, node, scope, &fault);
  }
  if (!fault.kind) {
    t->node = node;
    return true;
  }
  if (strict) {
    err_move(b->e, &fault);
    return false;
  }
  t->fault = arena_printf(&b->d->arena, "%s", fault.what);
  err_free(&fault);
  return true;
}

static bool parse_expression(Bind *b, DmnText *t, const DmnNames *scope) {
  return parse(b, t, scope, standard_parse);
}
static bool parse_cell(Bind *b, DmnText *t, const DmnNames *scope) {
  return parse(b, t, scope, standard_parse_tests);
}

/* --- tables */

static bool column_type(Bind *b, DmnColumn *c) {
  const XmlNode at = {.name = STR("column"), .line = c->line, .col = 1};
  return dmn_type(b->m, c->typeref, &at, &c->type, b->e);
}

static const StdType *name_type(const DmnNames *scope, Str name) {
  for (; scope; scope = scope->up)
    for (size_t i = 0; i < scope->n; i++)
      if (str_eq(scope->name[i], name)) return scope->type ? scope->type[i] : NULL;
  return NULL;
}

/* What is declared of a name or a path, for columns that say no type themselves. */
static const StdType *declared(const Node *x, const DmnNames *scope) {
  if (x && x->kind == N_NAME) return name_type(scope, x->name);
  const StdType *of = x && x->kind == N_PATH ? declared(x->kid[0], scope) : NULL;
  for (size_t i = 0; of && of->kind == STD_CONTEXT && i < of->n; i++)
    if (str_eq(of->key[i], x->name)) return of->part[i];
  return NULL;
}

static bool bind_input(Bind *b, DmnColumn *c, const DmnNames *scope, const DmnNames *cell) {
  if (!column_type(b, c) || !parse_expression(b, &c->expr, scope) || !parse_cell(b, &c->values, cell))
    return false;
  if (!c->type) c->type = declared(c->expr.node, scope);
  return true;
}

static bool bind_table(Bind *b, DmnTable *t, const DmnNames *scope) {
  static const Str implied[] = {{"?", 1}};
  const DmnNames cell = {implied, 1, scope, NULL};
  for (size_t i = 0; i < t->nin; i++)
    if (!bind_input(b, &t->in[i], scope, &cell)) return false;
  for (size_t i = 0; i < t->nout; i++)
    if (!column_type(b, &t->out[i]) || !parse_cell(b, &t->out[i].values, &cell) ||
        !parse_expression(b, &t->out[i].fallback, scope))
      return false;
  for (size_t r = 0; r < t->nrule; r++) {
    for (size_t i = 0; i < t->nin; i++)
      if (!parse_cell(b, &t->rule[r].in[i], &cell)) return false;
    for (size_t i = 0; i < t->nout; i++)
      if (!parse_expression(b, &t->rule[r].out[i], scope)) return false;
  }
  return b->d->mode == DMN_LETTER || dmn_check_table(b->m, t, b->e);
}

/* --- boxed expressions */

static bool bind_box(Bind *b, DmnBox *x, const DmnNames *scope);

static bool bind_kids(Bind *b, DmnBox *x, size_t from, const DmnNames *scope) {
  for (size_t i = from; i < x->nkid; i++)
    if (x->kid[i] && !bind_box(b, x->kid[i], scope)) return false;
  return true;
}

static bool bind_context(Bind *b, DmnBox *x, const DmnNames *scope) {
  Str *name = arena_zalloc(&b->d->arena, x->nkid + 1, sizeof *name);
  const StdType **type = arena_zalloc(&b->d->arena, x->nkid + 1, sizeof(StdType *));
  for (size_t i = 0; i < x->nkid; i++) {
    name[i] = x->param[i].name;
    type[i] = x->param[i].type;
    DmnNames inner = {name, x->kid[i]->kind == BOX_FUNCTION ? i + 1 : i, scope, type};
    if (!bind_box(b, x->kid[i], &inner)) return false;
  }
  return true;
}

static bool bind_function(Bind *b, DmnBox *x, const DmnNames *scope) {
  Str *name = arena_zalloc(&b->d->arena, x->nparam + 1, sizeof *name);
  const StdType **type = arena_zalloc(&b->d->arena, x->nparam + 1, sizeof(StdType *));
  for (size_t i = 0; i < x->nparam; i++) {
    name[i] = x->param[i].name;
    type[i] = x->param[i].type;
  }
  DmnNames inner = {name, x->nparam, scope, type};
  return x->external || bind_kids(b, x, 0, &inner);
}

static bool bind_loop(Bind *b, DmnBox *x, const DmnNames *scope) {
  const Str name[2] = {x->param[0].name, STR("partial")};
  DmnNames inner = {name, x->kind == BOX_FOR ? 2 : 1, scope, NULL};
  return bind_box(b, x->kid[0], scope) && bind_box(b, x->kid[1], &inner);
}

static bool bind_filter(Bind *b, DmnBox *x, const DmnNames *scope) {
  static const Str item[] = {{"item", 4}, {"?*", 2}}; /* and whatever the entries of the items are called */
  DmnNames inner = {item, 2, scope, NULL};
  return bind_box(b, x->kid[0], scope) && bind_box(b, x->kid[1], &inner);
}

static bool bind_types(Bind *b, DmnBox *x) {
  if (!dmn_type(b->m, x->typeref, x->xml, &x->type, b->e)) return false;
  for (size_t i = 0; i < x->nparam; i++) {
    const XmlNode at = {.name = STR("variable"), .line = x->param[i].line, .col = 1};
    if (!dmn_type(b->m, x->param[i].typeref, &at, &x->param[i].type, b->e)) return false;
  }
  return true;
}

static bool bind_box(Bind *b, DmnBox *x, const DmnNames *scope) {
  if (!bind_types(b, x)) return false;
  switch (x->kind) {
    case BOX_LITERAL: return parse_expression(b, &x->text, scope);
    case BOX_TABLE: return bind_table(b, x->table, scope);
    case BOX_CONTEXT: return bind_context(b, x, scope);
    case BOX_FUNCTION: return bind_function(b, x, scope);
    case BOX_FOR:
    case BOX_SOME:
    case BOX_EVERY: return bind_loop(b, x, scope);
    case BOX_FILTER: return bind_filter(b, x, scope);
    default: return bind_kids(b, x, 0, scope);
  }
}

/* --- what an item sees: what it requires, by name or behind the name of an import */

static void add_name(Str *name, const StdType **type, size_t *n, const DmnItem *item, const DmnItem *other) {
  const DmnImport *import = other->model == item->model ? NULL : dmn_import(item->model, other->model);
  if (other->model != item->model && !import) return;
  bool behind = import && import->name.n;
  type[*n] = behind || other->kind > DMN_DECISION ? NULL : other->type;
  name[(*n)++] = behind ? import->name : other->name;
}

static bool bind_item(Bind *b, DmnItem *item) {
  if (!item->logic) return true;
  Str *name = arena_zalloc(&b->d->arena, item->nneed + item->nknow + 1, sizeof *name);
  const StdType **type = arena_zalloc(&b->d->arena, item->nneed + item->nknow + 1, sizeof(StdType *));
  size_t n = 0;
  for (size_t i = 0; i < item->nneed; i++) add_name(name, type, &n, item, item->need[i]);
  for (size_t i = 0; i < item->nknow; i++) add_name(name, type, &n, item, item->know[i]);
  if (item->kind == DMN_BKM) name[n++] = item->name;
  DmnNames scope = {name, n, NULL, type};
  return bind_box(b, item->logic, &scope);
}

bool dmn_bind(Dmn *d, Err *e) {
  for (size_t i = 0; i < d->nitem; i++) {
    Bind b = {d, d->item[i]->model, e};
    if (!bind_item(&b, d->item[i])) return false;
  }
  return true;
}
