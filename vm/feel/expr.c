#include "feel/score.h"

#include <string.h>

static bool ready(Rules *r, Err *e) {
  return r->checked || err_set(e, ERR_FAIL, "the rules of %s are not checked yet", r->name);
}

static Scope row_of(Rules *r, const char *entity, bool *fine, Src *src, Err *e) {
  int number = entity ? host_entity(r->host, str_of(entity)) : r->entity;
  *fine = number != 0;
  if (!number) src_err(e, src, 0, 0, "there is no entity %s", entity);
  return (Scope){.row = true, .entity = number};
}

static void keep_names(Expr *x, Check *c) {
  if (!c->nname && x->op->varies && x->op->type.kind != T_BOOL) name_met(c, x->src.text); /* itself, then */
  Str *name = arena_zalloc(&c->r->arena, c->nname, sizeof *name);
  if (c->nname) memcpy(name, c->name, c->nname * sizeof *name);
  x->name = name;
  x->nname = c->nname;
}

/* 'C0042' is no condition. One account: account "C0042". A set: accounts "code = 'C0042'" */
static bool is_code(Check *c, const Node *n) {
  bool text = n->kind == N_LIT && n->lit.t == V_TEXT;
  if (!text && n->kind != N_NAME) return false;
  Str word = text ? val_str(n->lit) : n->name;
  const Scope *row = scope_row(c);
  const HostEntity *info = host_info(c->r->host, row->entity);
  if (!text) { /* a name that means something is no code */
    Err none = {0};
    Check quiet = *c;
    quiet.e = &none;
    quiet.name = NULL;
    quiet.nname = quiet.capname = 0;
    bool known = check_any(&quiet, n) != NULL || none.kind == 0;
    bool digits = false;
    for (size_t i = 0; i < word.n; i++) digits |= word.p[i] >= '0' && word.p[i] <= '9';
    mem_free(quiet.name);
    err_free(&none);
    if (known || !digits) return false;
  }
  check_fail(c, n, "'%.*s' is no condition", STR_ARG(word));
  if (info && info->key.n)
    err_todo(c->e, "One %.*s: %.*s \"%.*s\". A set: %.*s \"%.*s = '%.*s'\"", STR_ARG(info->name),
             STR_ARG(info->name), STR_ARG(word), STR_ARG(info->plural), STR_ARG(info->key), STR_ARG(word));
  return true;
}

static Expr *make(Rules *r, Check *c, const Src *src, const Node *n, ExprWant want) {
  if (want == WANT_CONDITION && is_code(c, n)) return NULL;
  Op *op = want == WANT_CONDITION ? check_condition(c, n) : check_node(c, n);
  if (!op) return NULL;
  if (op_is_rows(op)) op = op_list_of_rows(c, op);
  Expr *x = arena_zalloc(&r->arena, 1, sizeof *x);
  x->rules = r;
  x->op = op;
  x->src = *src;
  x->title = src->text;
  x->fmt = FMT_NONE;
  x->want = want;
  x->grouped = c->grouped;
  x->entity = c->scope->entity;
  keep_names(x, c);
  return x;
}

Expr *rules_expr(Rules *r, const char *entity, Src text, ExprWant want, const Param *params, size_t nparam,
                 Err *e) {
  if (!ready(r, e)) return NULL;
  text = rules_copy_src(r, text);
  bool fine;
  Scope row = row_of(r, entity, &fine, &text, e);
  if (!fine) return NULL;
  Node *n = want == WANT_TEMPLATE ? feel_parse_template(&text, r->dialect, &r->arena, e)
                                  : feel_parse(&text, r->dialect, &r->arena, e);
  if (!n) return NULL;
  Check c = {.r = r, .e = e, .scope = &row, .param = params, .nparam = nparam};
  Expr *x = make(r, &c, &text, n, want);
  mem_free(c.name);
  return x;
}

/* A column of groups says nothing that differs from row to row. */
static const Op *per_row(const Op *op) {
  if (op->kind == K_GROUPED) return NULL;
  bool leaf = op->kind == K_FIELD || op->kind == K_UNSET || op->kind == K_GIVEN || op->kind == K_ONE ||
              op->kind == K_METRIC || op->kind == K_OUTPUT || op->kind == K_SERIES || op->kind == K_SELF || op->kind == K_MANY ||
              op->kind == K_SET || op->kind == K_METRIC_ROWS;
  if (leaf && op->varies) return op;
  for (uint32_t i = 0; i < op->nkid; i++) {
    const Op *found = per_row(op->kid[i]);
    if (found) return found;
  }
  return NULL;
}

/* One figure for all rows, though it is asked for at one of them. */
static bool one_for_all(const Op *op) {
  const SetCall *s = op->ref;
  if (s->within) return false;
  switch ((SetFn)op->code) {
    case SET_QUANTILE: case SET_TIED: case SET_GINI: case SET_HHI: case SET_TOP_SHARE: case SET_CARRIERS: return true;
    default: return false;
  }
}

/* What can be said of one row only, or NULL. */
static const Op *of_row(const Op *op) {
  if (!op->varies) return NULL;
  switch ((OpKind)op->kind) {
    case K_FIELD: case K_UNSET: case K_OUTPUT: case K_SERIES: case K_ONE: case K_SELF: case K_SEGMENT: case K_MANY: return op;
    case K_SET: return one_for_all(op) ? NULL : op;
    case K_METRIC: {
      const Sym *s = op->ref;
      return s->op && !of_row(s->op) ? NULL : op;
    }
    /* what stands in [ ] is of the rows there */
    case K_FILTER: case K_EACH: case K_LATEST: case K_SIFT: case K_FOR: case K_QUANTIFY: return of_row(op->kid[0]);
    default: break;
  }
  for (uint32_t i = 0; i < op->nkid; i++) {
    const Op *found = of_row(op->kid[i]);
    if (found) return found;
  }
  return NULL;
}

bool expr_alone(const Expr *x, Err *e) {
  const Op *op = of_row(x->op);
  if (!op) return true;
  const Node *n = op->node;
  src_err(e, &x->src, n->at, n->len, "%.*s differs from row to row, and here is no row", (int)n->len, n->src->text.p + n->at);
  err_todo(e, "of one row: a:say(\"… {name}\"); a value goes in by its name: book:note(\"… {n}\", { n = a.name })");
  return false;
}

static bool grouped_only(Check *c, const Expr *x) {
  const Op *op = per_row(x->op);
  if (!op) return true;
  const Node *n = op->node;
  Str name = {n->src->text.p + n->at, n->len};
  check_fail(c, n, "%.*s differs within a group", STR_ARG(name));
  if (op->type.kind == T_NUM)
    err_todo(c->e, "sum(%.*s), mean(%.*s), median, min, max or first?", STR_ARG(name), STR_ARG(name));
  else
    err_todo(c->e, "first(%.*s), mode(%.*s) or count(distinct(%.*s))?", STR_ARG(name), STR_ARG(name),
             STR_ARG(name));
  return false;
}

bool rules_columns(Rules *r, const char *entity, Src text, bool grouped, const Param *params, size_t nparam,
                   Expr ***out, size_t *n, Err *e) {
  if (!ready(r, e)) return false;
  Src *src = arena_alloc(&r->arena, sizeof *src);
  *src = rules_copy_src(r, text);
  bool fine;
  Scope row = row_of(r, entity, &fine, src, e);
  Column *col;
  if (!fine || !feel_parse_columns(src, r->dialect, &r->arena, &col, n, e)) return false;
  *out = arena_zalloc(&r->arena, *n, sizeof **out);
  for (size_t i = 0; i < *n; i++) {
    Check c = {.r = r, .e = e, .scope = &row, .param = params, .nparam = nparam, .grouped = grouped};
    const Node *node = col[i].expr;
    Src part = src_sub(src, node->at, node->at + node->len);
    Expr *x = make(r, &c, &part, node, WANT_ANY);
    if (x && !(x->op = score_shown(&c, x->op))) x = NULL;
    fine = x && (!grouped || grouped_only(&c, x)) &&
           format_fits(&c, src, col[i].fmt_at, col[i].fmt_len, x->src.text, x->op->type, col[i].fmt);
    mem_free(c.name);
    if (!fine) return false;
    x->title = col[i].title;
    x->fmt = col[i].fmt;
    (*out)[i] = x;
  }
  return true;
}

Type expr_type(const Expr *x) { return x->op->type; }
bool expr_varies(const Expr *x) { return x->op->varies; }
Str expr_title(const Expr *x) { return x->title; }
Fmt expr_fmt(const Expr *x) { return x->fmt; }
Str expr_text(const Expr *x) { return x->src.text; }

size_t expr_names(const Expr *x, const Str **list) {
  *list = x->name;
  return x->nname;
}
