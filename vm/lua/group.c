/* Verbs that make tables: group, matrix, migration. */
#include "lua/figures.h"
#include "lua/rule.h"
#include "lua/value.h"

#include <stdlib.h>
#include <string.h>

/* Where each group stands in the table: by its keys, domain values as declared, null last. */
typedef struct GroupOrder {
  const Groups *g;
  const Type *type;
} GroupOrder;

static int by_group(const void *x, const void *y, void *ctx) {
  const GroupOrder *o = ctx;
  size_t i = *(const size_t *)x, j = *(const size_t *)y;
  for (size_t k = 0; k < o->g->nkey; k++) {
    int c = rule_order(o->type[k], o->g->key[i * o->g->nkey + k], o->g->key[j * o->g->nkey + k], false);
    if (c) return c;
  }
  return (i > j) - (i < j);
}

static size_t *group_order(lua_State *L, const Groups *g, const Type *type) {
  size_t *order = engine_array(L, g->n + 1, sizeof *order);
  GroupOrder o = {g, type};
  for (size_t i = 0; i < g->n; i++) order[i] = i;
  qsort_r(order, g->n, sizeof *order, by_group, &o);
  return order;
}

/* set:group("tier", "count, sum(revenue_12m):万") */
static int group(lua_State *L) {
  Engine *h = engine(L);
  Set *s = set_check(L, 1);
  int params = lua_istable(L, 4) ? 4 : 0;
  Src keys = engine_src(L, 2);
  if (lua_isnoneornil(L, 3)) {
    lua_settop(L, 2);
    lua_pushliteral(L, "count");
  }
  Src cols = engine_src(L, 3);
  rule_population(L, 1);
  size_t nkey, ncol;
  Expr **key = rule_columns(L, s->entity, keys, false, params, &nkey);
  Expr **col = rule_columns(L, s->entity, cols, true, params, &ncol);
  Groups g;
  if (!eval_group(h->ev, key, nkey, s->id, s->n, &g, &h->err)) return engine_raise(L);
  Type *type = engine_array(L, nkey + 1, sizeof *type);
  for (size_t k = 0; k < nkey; k++) type[k] = expr_type(key[k]);
  size_t *order = group_order(L, &g, type);
  Val *out = engine_array(L, g.n + 1, sizeof *out);
  Figures *f = figures_new(L, nkey + ncol, g.n);
  f->nkey = nkey;
  for (size_t k = 0; k < nkey; k++) {
    figures_column(f, k, key[k]);
    for (size_t r = 0; r < g.n; r++) f->cell[r * f->ncol + k] = val_copy(g.key[order[r] * nkey + k], &f->arena);
  }
  for (size_t c = 0; c < ncol; c++) {
    figures_column(f, nkey + c, col[c]);
    if (limit_over(L)) return limit_stop(L);
    if (!eval_grouped(h->ev, col[c], &g, s->id, s->n, out, &h->err)) return engine_raise(L);
    for (size_t r = 0; r < g.n; r++) f->cell[r * f->ncol + nkey + c] = val_copy(out[order[r]], &f->arena);
  }
  return 1;
}

/* --- two keys crossed ------------------------------------------------------------ */

/* The distinct values of key column k, in order, nulls left out. */
static Val *distinct(lua_State *L, const Groups *g, size_t k, Type type, size_t *n) {
  Val *list = engine_array(L, g->n + 1, sizeof *list);
  *n = 0;
  for (size_t i = 0; i < g->n; i++) {
    Val v = g->key[i * g->nkey + k];
    if (v.t == V_NULL) continue;
    size_t at = 0;
    while (at < *n && rule_order(type, list[at], v, false) < 0) at++;
    if (at < *n && rule_order(type, list[at], v, false) == 0) continue;
    memmove(list + at + 1, list + at, (*n - at) * sizeof *list);
    list[at] = v;
    ++*n;
  }
  return list;
}

static size_t place_in(const Val *list, size_t n, Type type, Val v) {
  if (v.t == V_NULL) return n;
  size_t i = 0;
  while (i < n && rule_order(type, list[i], v, false) != 0) i++;
  return i;
}

typedef struct Cross {
  const char *null_row, *null_col; /* headings for null keys */
  Str corner;
  bool fill_zero;                  /* cells without a group are 0, not null */
} Cross;

/* Rows by key 0, columns by key 1, cells from out (one a group). Pushes the frame. */
static Figures *cross(lua_State *L, const Groups *g, const Type type[2], const Val *out, const Expr *agg, const Cross *how) {
  size_t nr, nc;
  Val *rows = distinct(L, g, 0, type[0], &nr), *cols = distinct(L, g, 1, type[1], &nc);
  bool null_row = false, null_col = false;
  for (size_t i = 0; i < g->n; i++) {
    null_row = null_row || g->key[i * 2].t == V_NULL;
    null_col = null_col || g->key[i * 2 + 1].t == V_NULL;
  }
  Buf *b = engine_buf(L);
  Figures *f = figures_new(L, 1 + nc + null_col, nr + null_row);
  f->matrix = true;
  f->nkey = 1;
  f->type[0] = type[0];
  f->col[0].title = f->text[0] = (Str){arena_strndup(&f->arena, how->corner.p, how->corner.n), how->corner.n};
  f->col[0].fmt = FMT_NONE;
  for (size_t c = 0; c < f->ncol - 1; c++) {
    buf_clear(b);
    if (c < nc)
      value_text(engine(L), cols[c], type[1].unit, b);
    else
      buf_puts(b, how->null_col);
    f->col[c + 1].title = f->text[c + 1] = (Str){arena_strndup(&f->arena, b->p, b->n), b->n};
    f->type[c + 1] = agg ? expr_type(agg) : (Type){.kind = T_NUM};
    f->col[c + 1].unit = f->type[c + 1].unit;
    f->col[c + 1].fmt = agg ? expr_fmt(agg) : FMT_NONE;
  }
  for (size_t r = 0; r < f->nrow; r++) {
    f->cell[r * f->ncol] = r < nr ? val_copy(rows[r], &f->arena) : val_text(str_of(how->null_row));
    for (size_t c = 1; c < f->ncol && how->fill_zero; c++) f->cell[r * f->ncol + c] = val_int(0);
  }
  for (size_t i = 0; i < g->n; i++) {
    size_t r = place_in(rows, nr, type[0], g->key[i * 2]), c = place_in(cols, nc, type[1], g->key[i * 2 + 1]);
    f->cell[r * f->ncol + 1 + c] = val_copy(out[i], &f->arena);
  }
  return f;
}

/* set:matrix("r", "f", "sum(spent):万") */
static int matrix(lua_State *L) {
  Engine *h = engine(L);
  Set *s = set_check(L, 1);
  int params = lua_istable(L, 5) ? 5 : 0;
  Src r = engine_src(L, 2), c = engine_src(L, 3);
  rule_population(L, 1);
  Expr *key[2] = {rule_expr(L, s->entity, r, WANT_ANY, params), rule_expr(L, s->entity, c, WANT_ANY, params)};
  if (lua_isnoneornil(L, 4)) {
    lua_settop(L, 3);
    lua_pushliteral(L, "count");
  }
  size_t n;
  Expr **agg = rule_columns(L, s->entity, engine_src(L, 4), true, params, &n);
  if (n != 1) return engine_fail(L, "the cells of a matrix are one figure, not %zu", n);
  Groups g;
  if (!eval_group(h->ev, key, 2, s->id, s->n, &g, &h->err)) return engine_raise(L);
  Val *out = engine_array(L, g.n + 1, sizeof *out);
  if (!eval_grouped(h->ev, agg[0], &g, s->id, s->n, out, &h->err)) return engine_raise(L);
  Type type[2] = {expr_type(key[0]), expr_type(key[1])};
  Str rt = expr_title(key[0]), ct = expr_title(key[1]);
  Arena *a = engine_arena(L);
  Cross how = {"(unknown)", "(unknown)", str_of(arena_printf(a, "%.*s \\ %.*s", STR_ARG(rt), STR_ARG(ct))), false};
  Figures *f = cross(L, &g, type, out, agg[0], &how);
  Str what = expr_title(agg[0]);
  f->foot = (Str){arena_strndup(&f->arena, what.p, what.n), what.n};
  return 1;
}

/* The window of a migration: a duration value or text, as rule text and as a value. */
static const char *window_text(lua_State *L, int index, Arena *a, Val *out) {
  Unit unit;
  Buf *b = engine_buf(L);
  const Span *span = engine_is(L, index, CLASS_SPAN);
  if (span) {
    *out = span->val;
  } else {
    Str s;
    s.p = luaL_checklstring(L, index, &s.n);
    if (!value_literal(s, a, out, &unit)) out->t = V_NULL;
  }
  if (out->t != V_SECS && out->t != V_MONTHS) engine_fail(L, "migration looks back by a duration: set:migration(\"tier\", \"3m\")");
  value_text(engine(L), *out, UNIT_NONE, b);
  const char *text = arena_strndup(a, b->p, b->n);
  lua_pop(L, 1);
  return text;
}

/* set:migration("tier", "3m"): from × to, from the field's history. */
static int migration(lua_State *L) {
  Engine *h = engine(L);
  Set *s = set_check(L, 1);
  Src field = engine_src(L, 2);
  Arena *a = engine_arena(L);
  Val span;
  const char *w = window_text(L, 3, a, &span);
  Src ago = field;
  ago.text = str_of(arena_printf(a, "ago(%.*s, %s)", STR_ARG(field.text), w));
  ago.col = ago.col > 4 ? ago.col - 4 : 1;
  Expr *key[2] = {rule_expr(L, s->entity, ago, WANT_ANY, 0), rule_expr(L, s->entity, field, WANT_ANY, 0)};
  Val *was = rule_eval(L, key[0], s->id, s->n), *now = rule_eval(L, key[1], s->id, s->n);
  /* Who had it neither then nor now does not move. */
  int64_t *id = engine_array(L, s->n + 1, sizeof *id);
  size_t n = 0;
  for (size_t i = 0; i < s->n; i++)
    if (was[i].t != V_NULL || now[i].t != V_NULL) id[n++] = s->id[i];
  Groups g;
  if (!eval_group(h->ev, key, 2, id, n, &g, &h->err)) return engine_raise(L);
  Val *count = engine_array(L, g.n + 1, sizeof *count);
  for (size_t i = 0; i < g.n; i++) count[i] = val_int(0);
  for (size_t i = 0; i < n; i++) count[g.group[i]].u.i++;
  Type type[2] = {expr_type(key[1]), expr_type(key[1])};
  Buf *b = engine_buf(L);
  Day then;
  if (value_move_day(eval_asof(h->ev), span, -1, &then)) day_print(then, b);
  buf_puts(b, " \\ now");
  Cross how = {"new", "gone", buf_view(b), true};
  cross(L, &g, type, count, NULL, &how);
  return 1;
}

void group_open(lua_State *L) {
  static const luaL_Reg VERB[] = {{"group", group}, {"matrix", matrix}, {"migration", migration}, {NULL, NULL}};
  set_methods(L);
  luaL_setfuncs(L, VERB, 0);
  lua_pop(L, 1);
}
