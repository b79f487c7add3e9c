#include "feel/score.h"

#include "feel/window.h"

#include <string.h>

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

const Scope *scope_row(const Check *c) {
  const Scope *s = c->scope;
  while (s && !s->row) s = s->up;
  return s;
}

Op *at_scope(Check *c, const Scope *s, Op *op, const Node *n) {
  if (s == c->scope) return op;
  Op *outer = op_new(c, K_OUTER, n, (Type){.kind = T_ROW, .entity = s->entity});
  outer->num = s->level;
  if (op_is_rows(op)) return op2(c, K_AT_ROWS, n, op->type, outer, op);
  return op2(c, K_AT, n, op->type, outer, op);
}

void name_met(Check *c, Str name) {
  if (!c->scope || c->scope->up || !c->scope->row) return;
  for (size_t i = 0; i < c->nname; i++)
    if (str_eq(c->name[i], name)) return;
  mem_grow(c->name, c->capname, c->nname + 1);
  c->name[c->nname++] = name;
}

static Op *masked(Check *c, const Node *n, int entity, const HostField *f) {
  Str ent = entity_name(c->r->host, entity);
  check_fail(c, n, "%.*s.%.*s is masked for you", STR_ARG(ent), STR_ARG(f->name));
  const HostEntity *info = host_info(c->r->host, entity);
  err_todo(c->e, "ask for grant %.*s.%.*s, or search by %.*s", STR_ARG(ent), STR_ARG(f->name),
           STR_ARG(info && info->key.n ? info->key : STR("code")));
  return NULL;
}

static Op *host_op(Check *c, const Node *n, int entity, const HostField *f) {
  const FeelHost *h = c->r->host;
  if (f->personal && !(h->granted && h->granted(h->ctx, entity, f))) return masked(c, n, entity, f);
  Op *o = NULL;
  switch (f->kind) {
    case HOST_FIELD: o = op_new(c, K_FIELD, n, f->type); break;
    case HOST_ONE: o = op_new(c, K_ONE, n, (Type){.kind = T_ROW, .entity = f->target}); break;
    case HOST_MANY:
      o = op_new(c, K_MANY, n, (Type){.kind = T_ROWS, .entity = f->target});
      break;
    case HOST_MEASURE: o = op_new(c, K_FIELD, n, (Type){.kind = T_SERIES, .unit = f->type.unit}); break;
  }
  if (o) o->ref = f;
  return o;
}

static Op *sym_op(Check *c, const Node *n, Sym *s) {
  if (s->kind == SYM_METRIC) {
    if (!metric_check(s->home, s, c->metric, c->e)) return NULL;
    Op *o = op_new(c, s->type.kind == T_ROWS ? K_METRIC_ROWS : K_METRIC, n, s->type);
    o->ref = s;
    return o;
  }
  if (s->kind == SYM_OUTPUT) {
    if (!table_types(s->home, s->table, c->e)) return NULL;
    const TableOutput *out = &s->table->out[s->col];
    if (!out->field && !out->host_field && !table_check(s->home, s->table, c->metric, c->e)) return NULL;
    Op *o = op_new(c, K_OUTPUT, n, s->type);
    o->ref = s;
    return o;
  }
  const HostField *f = host_field(c->r->host, s->entity, s->name);
  Op *o = op_new(c, f && f->kind == HOST_FIELD ? K_FIELD : K_UNSET, n, s->type);
  o->ref = f;
  return o;
}

static Op *age_op(Check *c, const Node *n, int entity) {
  const HostEntity *info = host_info(c->r->host, entity);
  if (!info || !info->day.n) return NULL;
  Op *day = name_of_row(c, n, entity, info->day);
  return day ? call_func(c, n, func_find(STR("age")), (Op *[]){day}, (const Node *[]){n}, 1) : NULL;
}

Op *name_of_row(Check *c, const Node *n, int entity, Str name) {
  Sym *s = sym_find(c->r, entity, name);
  if (s) return sym_op(c, n, s);
  const HostField *f = host_field(c->r->host, entity, name);
  if (f) return host_op(c, n, entity, f);
  Op *o = shorthand(c, n, entity, name);
  if (o || c->e->kind) return o;
  return str_is(name, "age") ? age_op(c, n, entity) : NULL;
}

static Op *arg_op(Check *c, const Node *n, Sym *s) {
  if (s->arg == ARG_FILTER) {
    check_fail(c, n, "%.*s is a filter: it selects a set (book.all:where(book.args.%.*s)), it is no value",
               STR_ARG(s->name), STR_ARG(s->name));
    return NULL;
  }
  Op *o = op_new(c, K_ARG, n, s->type);
  s->as_span = true;
  o->ref = s;
  o->dated = s->op != NULL;
  return o;
}

static Op *var_op(Check *c, const Node *n, const Scope *s) {
  Op *o = op_new(c, K_VAR, n, s->type);
  o->num = s->level;
  return o;
}

static Op *variable(Check *c, const Node *n) {
  for (const Scope *s = c->scope; s; s = s->up)
    if (!s->row && s->var.n && str_eq(s->var, n->name)) return var_op(c, n, s);
  return NULL;
}

static Op *item_op(Check *c, const Node *n) {
  const Scope *s = c->scope;
  if (!s || !s->up) return check_fail(c, n, "item is an element of a list, inside its [ ]");
  if (!s->row) return var_op(c, n, s);
  return op_new(c, K_SELF, n, (Type){.kind = T_ROW, .entity = s->entity});
}

/* The outer thing: the row that the nearest [ ] hangs on; the row itself outside of any. */
static Op *this_op(Check *c, const Node *n) {
  const Scope *row = scope_row(c);
  if (!row) return check_fail(c, n, "there is no row here that this could be");
  const Scope *outer = row->up;
  while (outer && !outer->row) outer = outer->up;
  if (!outer) outer = row;
  Op *self = op_new(c, K_SELF, n, (Type){.kind = T_ROW, .entity = outer->entity});
  if (outer == c->scope) return self;
  self->kind = K_OUTER;
  self->num = outer->level;
  return self;
}

/* A heading of the table at hand, or a name that was given an expression to stand for. */
static Op *stands_for(Check *c, const Node *n) {
  for (size_t i = 0; i < c->nalias; i++)
    if (str_eq(c->alias[i].text, text_of(n))) return c->alias[i].op;
  for (size_t i = 0; i < c->nparam && c->scope && !c->scope->up; i++) {
    const Param *p = &c->param[i];
    if ((!p->expr && !p->column) || !str_eq(p->name, text_of(n))) continue;
    if (p->expr) return p->expr->op;
    name_met(c, p->name);
    Op *o = op_new(c, K_GIVEN, n, p->column->type);
    o->ref = p->column;
    return o;
  }
  return NULL;
}

static Op *param_op(Check *c, const Node *n) {
  for (size_t i = 0; i < c->nparam; i++)
    if (!c->param[i].expr && !c->param[i].column && str_eq(c->param[i].name, n->name))
      return op_lit(c, n, val_copy(c->param[i].val, &c->r->arena),
                    type_of_val(c->r, c->param[i].val, c->param[i].unit));
  return NULL;
}

static Op *both(Check *c, const Node *n, int entity) {
  check_fail(c, n, "%.*s is both a name of %.*s and an arg: which is meant?", STR_ARG(n->name),
             STR_ARG(entity_name(c->r->host, entity)));
  err_todo(c->e, "give the arg another name");
  return NULL;
}

static Op *plural_op(Check *c, const Node *n) {
  const FeelHost *h = c->r->host;
  int ent = h->entity ? h->entity(h->ctx, n->name) : 0;
  if (!ent || !str_eq(entity_plural(h, ent), n->name)) return NULL;
  Op *o = op_new(c, K_ALL, n, (Type){.kind = T_ROWS, .entity = ent});
  o->num = ent;
  return o;
}

/* Worth a column of its own? A measure is met with its window: see check_series_call. */
static bool met(const Op *o) {
  return o->kind != K_LIT && !op_is_rows(o) && o->kind != K_ARG && o->type.kind != T_SERIES;
}

Op *check_name(Check *c, const Node *n) {
  if (str_is(n->name, "as_of")) return op_new(c, K_ASOF, n, type_of(T_DATE));
  if (str_is(n->name, "item")) return item_op(c, n);
  if (str_is(n->name, "this")) return this_op(c, n);
  Op *o = stands_for(c, n);
  if (!o) o = variable(c, n);
  if (o) return o;
  if (c->grouped && str_is(n->name, "count")) return check_grouped_call(c, n, func_find(n->name));
  Op *fixed = param_op(c, n);
  Sym *arg = fixed ? NULL : sym_find(c->r, 0, n->name);
  const Scope *row = scope_row(c);
  if (row) {
    o = name_of_row(c, n, row->entity, n->name);
    if (c->e->kind) return NULL;
    if (o && (fixed || arg)) return both(c, n, row->entity);
    if (o) {
      if (met(o)) name_met(c, n->name);
      return at_scope(c, row, o, n);
    }
  }
  if (fixed) return fixed;
  if (arg) return arg_op(c, n, arg);
  if ((o = plural_op(c, n))) return o;
  if (str_is(n->name, "never")) return op_lit(c, n, val_never(), type_num(UNIT_DAYS));
  Val w;
  if (window_named(n->name, &w)) return op_lit(c, n, w, type_of(T_WINDOW));
  name_unknown(c, n, row ? row->entity : 0, n->name);
  return NULL;
}

/* --- paths -------------------------------------------------------------- */

static const Rules *rulebook(const Rules *r, Str name) {
  for (size_t i = 0; i < r->nuse; i++)
    if (str_is(name, r->use[i]->name)) return r->use[i];
  return NULL;
}

/* kam.red */
static Op *in_rulebook(Check *c, const Node *n, const Rules *book) {
  const Scope *row = scope_row(c);
  Sym *s = sym_find(book, 0, n->name);
  if (s) return arg_op(c, n, s);
  s = row ? sym_find(book, row->entity, n->name) : NULL;
  Op *o = s ? sym_op(c, n, s) : NULL;
  if (o) return at_scope(c, row, o, n);
  if (!c->e->kind) check_fail(c, n, "rulebook %s has no %.*s", book->name, STR_ARG(n->name));
  return NULL;
}

static Op *none_in(Check *c, const Node *n, int entity) {
  if (c->e->kind) return NULL;
  Node at = *n;
  at.at = n->at + n->len - (uint32_t)n->name.n;
  at.len = (uint32_t)n->name.n;
  name_unknown(c, &at, entity, n->name);
  return NULL;
}

static Op *of_rows(Check *c, const Node *n, Op *rows) {
  Op *inner = name_of_row(c, n, rows->type.entity, n->name);
  if (!inner) return none_in(c, n, rows->type.entity);
  if (op_is_rows(inner)) return op2(c, K_FLAT, n, inner->type, rows, inner);
  Type t = inner->type.kind == T_SERIES ? inner->type : type_list(c, inner->type);
  return op2(c, K_EACH, n, t, rows, inner);
}

static Op *of_row(Check *c, const Node *n, Op *row) {
  Op *inner = name_of_row(c, n, row->type.entity, n->name);
  if (!inner) return none_in(c, n, row->type.entity);
  if (row->kind == K_SELF) return inner;
  return op2(c, op_is_rows(inner) ? K_AT_ROWS : K_AT, n, inner->type, row, inner);
}

static Op *of_row_list(Check *c, const Node *n, Op *list) {
  int entity = type_element(list->type).entity;
  Op *inner = name_of_row(c, n, entity, n->name);
  if (!inner) return none_in(c, n, entity);
  if (list->kind == K_EACH) {
    Op *at = op2(c, op_is_rows(inner) ? K_AT_ROWS : K_AT, n, inner->type, list->kid[1], inner);
    if (op_is_rows(inner)) return op2(c, K_FLAT, n, inner->type, list->kid[0], at);
    return op2(c, K_EACH, n, inner->type.kind == T_SERIES ? inner->type : type_list(c, inner->type),
               list->kid[0], at);
  }
  if (op_is_rows(inner) || inner->type.kind == T_SERIES)
    return check_fail(c, n, "%.*s: go through the rows themselves, not through a list of them",
                      STR_ARG(text_of(n)));
  Op *var = op_new(c, K_VAR, n, type_element(list->type));
  var->num = c->scope ? c->scope->level + 1 : 0;
  Op *o = op2(c, K_FOR, n, type_list(c, inner->type), list, op2(c, K_AT, n, inner->type, var, inner));
  o->num = var->num;
  return o;
}

static Op *of_value(Check *c, const Node *n, Op *value) {
  static const char *const parts[] = {"year", "month", "day", "weekday", "years", "months", "days", "hours"};
  TypeKind k = value->type.kind;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (!str_is(n->name, parts[i]) || (i < 4 ? k != T_DATE : k != T_SECS && k != T_MONTHS)) continue;
    return call_func(c, n, func_find(n->name), (Op *[]){value}, (const Node *[]){n->kid[0]}, 1);
  }
  Buf b = {0};
  type_say(c->r->host, value->type, &b);
  check_fail(c, n, "%.*s is %.*s, it has no %.*s", STR_ARG(text_of(n->kid[0])), (int)b.n, b.p,
             STR_ARG(n->name));
  buf_free(&b);
  return NULL;
}

Op *check_path(Check *c, const Node *n) {
  const Node *head = n->kid[0];
  Op *known = stands_for(c, n);
  if (known) return known;
  if (head->kind == N_NAME) {
    const Rules *book = rulebook(c->r, head->name);
    if (book && !variable(c, head)) return in_rulebook(c, n, book);
  }
  size_t names = c->nname;
  Op *o = check_any(c, head);
  if (!o) return NULL;
  if (o->type.kind == T_SERIES) return measure_bare(c, head, n);
  c->nname = names;
  Op *out = score_path(c, n, o);
  if (!out && !c->e->kind) out = nearly_path(c, n, o);
  if (c->e->kind) return NULL;
  if (out) return out;
  if (op_is_rows(o)) out = of_rows(c, n, o);
  else if (o->type.kind == T_ROW) out = of_row(c, n, o);
  else if (o->type.kind == T_LIST && type_element(o->type).kind == T_ROW) out = of_row_list(c, n, o);
  else out = of_value(c, n, o);
  if (out && met(out)) name_met(c, text_of(n));
  return out;
}
