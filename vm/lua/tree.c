#include "lua/tree.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/rule.h"
#include "lua/value.h"
#include "ui/tree.h"

#include <stdlib.h>
#include <string.h>

static bool leads_up(const HostField *f, int entity) { return f->kind == HOST_ONE && f->target == entity; }

/* The relation that leads from a row to one of its own kind: parent, manager, reports_to; or the one called so. */
static const HostField *relation(lua_State *L, int entity, Str name) {
  const FeelHost *h = store_host(engine(L)->store);
  const HostField *const *list;
  size_t n = h->fields(h->ctx, entity, &list), k = 0;
  Str *known = engine_array(L, n + 1, sizeof *known);
  for (size_t i = 0; i < n; i++) {
    if (!leads_up(list[i], entity)) continue;
    if (!name.n || str_eq(list[i]->name, name)) return list[i];
    known[k++] = list[i]->name;
  }
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  if (!k) engine_fail(L, "%s do not stand below each other: a tree is drawn of accounts, contacts, staff", ent->plural);
  engine_unknown(L, "relation upwards:", name, known, k);
}

typedef struct Wanted {
  Src columns;
  Str by;
  int depth;
} Wanted;

/* tree("columns", { by = "parent", depth = 3 }), either left out. */
static Wanted wanted(lua_State *L) {
  Wanted w = {0};
  int options = lua_istable(L, 2) ? 2 : lua_istable(L, 3) ? 3 : 0;
  if (lua_type(L, 2) == LUA_TSTRING) w.columns = engine_src(L, 2);
  else if (!lua_isnoneornil(L, 2) && !options) engine_fail(L, "tree takes columns and { by = \"parent\", depth = 3 }");
  if (!options) return w;
  static const Str KNOWN[] = {{"by", 2}, {"depth", 5}};
  for (lua_pushnil(L); lua_next(L, options); lua_pop(L, 1)) {
    Str key = {0};
    if (lua_type(L, -2) != LUA_TSTRING) engine_fail(L, "tree takes columns and { by = \"parent\", depth = 3 }");
    key.p = lua_tolstring(L, -2, &key.n);
    if (str_is(key, "by")) w.by.p = luaL_checklstring(L, -1, &w.by.n); /* the table keeps it */
    else if (str_is(key, "depth")) w.depth = (int)luaL_checkinteger(L, -1);
    else engine_unknown(L, "option of tree:", key, KNOWN, 2);
  }
  if (w.depth < 0 || w.depth > UI_TREE_MOST) engine_fail(L, "a tree is drawn at most %d levels deep", UI_TREE_MOST);
  return w;
}

typedef struct Place {
  int64_t id;
  size_t at;
} Place;

static int by_id(const void *x, const void *y) {
  const Place *a = x, *b = y;
  return (a->id > b->id) - (a->id < b->id);
}

/* For each of the rows who stands above it, as an index; UI_TREE_TOP: nobody among them. */
static int64_t *above_of(lua_State *L, int entity, const HostField *up, const int64_t *id, size_t n) {
  Engine *h = engine(L);
  int64_t *above = engine_array(L, n + 1, sizeof *above);
  const FeelHost *host = store_host(h->store);
  if (n && !host->one(host->ctx, entity, up, eval_asof(h->ev), id, n, above, &h->err)) engine_raise(L);
  Place *place = engine_array(L, n + 1, sizeof *place);
  for (size_t i = 0; i < n; i++) place[i] = (Place){id[i], i};
  if (n) qsort(place, n, sizeof *place, by_id);
  for (size_t i = 0; i < n; i++) {
    const Place *p = above[i] ? bsearch(&(Place){.id = above[i]}, place, n, sizeof *place, by_id) : NULL;
    above[i] = p ? (int64_t)p->at : UI_TREE_TOP;
  }
  lua_pop(L, 1);
  return above;
}

/* Of a row: it and all below it, out of all rows. Pushes the set. */
static void push_below(lua_State *L, const Row *r, const HostField *up) {
  set_push_all(L, r->entity);
  const Set *all = lua_touserdata(L, -1);
  int64_t *above = above_of(L, r->entity, up, all->id, all->n);
  signed char *in = engine_array(L, all->n + 1, 1); /* 1: below it, -1: not */
  size_t *path = engine_array(L, all->n + 1, sizeof *path), found = 0;
  for (size_t i = 0; i < all->n; i++) {
    size_t n = 0, at = i;
    signed char known = 0;
    for (;;) {
      known = all->id[at] == r->id ? 1 : in[at];
      if (known || n > all->n) break;
      path[n++] = at;
      in[at] = -1; /* met again: a ring that does not come by it */
      if (above[at] < 0) break;
      at = (size_t)above[at];
    }
    in[at] = known == 1 ? 1 : in[at];
    while (n-- > 0) in[path[n]] = known == 1 ? 1 : -1;
    found += in[i] == 1;
  }
  Set *s = set_new(L, r->entity, found + 1);
  s->n = 0;
  for (size_t i = 0; i < all->n; i++)
    if (in[i] == 1) s->id[s->n++] = all->id[i];
}

/* "C0042 华东仪表", as far as the name may be read. */
static void label(const Val *key, const Val *name, int64_t id, Buf *out) {
  if (key && key->t == V_TEXT) buf_str(out, val_str(*key));
  else buf_printf(out, "%lld", (long long)id);
  if (!name || name->t != V_TEXT) return;
  buf_char(out, ' ');
  buf_str(out, val_str(*name));
}

/* One field of all rows; NULL when there is none, or it may not be read. */
static const Val *values_of(lua_State *L, const Set *s, const char *field) {
  if (!field) return NULL;
  const FeelHost *h = store_host(engine(L)->store);
  const HostField *f = h->field(h->ctx, s->entity, str_of(field));
  if (!f || f->kind != HOST_FIELD || (f->personal && !(h->granted && h->granted(h->ctx, s->entity, f)))) return NULL;
  return rule_eval(L, rule_expr(L, s->entity, (Src){.text = str_of(field), .line = 1, .col = 1}, WANT_ANY, 0), s->id, s->n);
}

static void head(lua_State *L, Figures *f, size_t i, const char *name, const char *said, TypeKind kind) {
  const char *title = engine(L)->prompt ? _(said) : said;
  f->text[i] = (Str){arena_strndup(&f->arena, name, strlen(name)), strlen(name)};
  f->col[i] = (UiColumn){{arena_strndup(&f->arena, title, strlen(title)), strlen(title)}, UNIT_NONE, FMT_NONE};
  f->type[i] = (Type){.kind = kind};
}

static void foot(lua_State *L, Figures *f, const Set *s, const UiTree *t) {
  Buf *b = engine_buf(L);
  set_count_text(engine(L), s->entity, s->n, b);
  if (t->trees) buf_say(b, " · %zu tree%s of at most %d levels", t->trees, t->trees == 1 ? "" : "s", t->levels);
  if (t->alone) {
    buf_puts(b, " · ");
    num_fixed(val_int((int64_t)t->alone), 0, true, b);
    buf_say(b, " alone");
  }
  if (t->rings) buf_say(b, " · %zu ring%s: rows that stand above themselves", t->rings, t->rings == 1 ? "" : "s");
  f->foot = (Str){arena_strndup(&f->arena, b->p, b->n), b->n};
}

static int tree(lua_State *L) {
  const Row *r = engine_is(L, 1, CLASS_ROW);
  int entity = r ? r->entity : set_check(L, 1)->entity;
  lua_settop(L, 3);
  luaL_checkstack(L, 40, NULL);
  Wanted w = wanted(L);
  const HostField *up = relation(L, entity, w.by);
  if (r) push_below(L, r, up);
  else lua_pushvalue(L, 1);
  int set = lua_gettop(L);
  const Set *s = lua_touserdata(L, set);
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  const CatColumn *key = catalog_key(ent);
  int64_t *above = above_of(L, entity, up, s->id, s->n);
  Arena *a = engine_arena(L);
  UiTree t;
  ui_tree(above, s->n, w.depth, a, &t);
  rule_population(L, set);
  size_t nx = 0;
  Expr **x = w.columns.text.n ? rule_columns(L, entity, w.columns, false, 0, &nx) : NULL;
  const Val *code = values_of(L, s, key ? key->name : NULL), *name = values_of(L, s, "name");
  Figures *f = figures_new(L, nx + 2, t.n);
  int figures = lua_gettop(L);
  head(L, f, 0, ent->name, ent->name, T_TEXT);
  head(L, f, nx + 1, "below", N_("below"), T_NUM);
  Buf *b = engine_buf(L);
  for (size_t i = 0; i < t.n; i++) {
    const UiTreeRow *row = &t.row[i];
    buf_clear(b);
    buf_str(b, row->lead);
    label(code ? &code[row->row] : NULL, name ? &name[row->row] : NULL, s->id[row->row], b);
    if (row->cut) buf_puts(b, " …");
    f->cell[i * f->ncol] = val_copy(val_text(buf_view(b)), &f->arena);
    if (row->below) f->cell[i * f->ncol + nx + 1] = val_int((int64_t)row->below);
  }
  for (size_t c = 0; c < nx; c++) {
    figures_column(f, c + 1, x[c]);
    const Val *v = rule_eval(L, x[c], s->id, s->n);
    for (size_t i = 0; i < t.n; i++) {
      Val one = v[t.row[i].row];
      f->cell[i * f->ncol + c + 1] = val_copy(one.t == V_ROW ? set_key(L, (int)one.n, one.u.i) : one, &f->arena);
    }
    lua_pop(L, 1);
  }
  foot(L, f, s, &t);
  lua_settop(L, figures);
  return 1;
}

void tree_open(lua_State *L) {
  static const luaL_Reg VERB[] = {{"tree", tree}, {NULL, NULL}};
  set_methods(L);
  luaL_setfuncs(L, VERB, 0);
  row_methods(L);
  luaL_setfuncs(L, VERB, 0);
  lua_pop(L, 2);
}
