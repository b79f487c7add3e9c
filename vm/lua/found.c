#include "lua/found.h"

#include "lua/complete.h"
#include "lua/rule.h"
#include "lua/show.h"
#include "lua/value.h"

#include <stdlib.h>
#include <string.h>

Class CLASS_FOUND = "answer";

typedef struct Box {
  Found *found;
} Box;

enum { TABLES_MOST = 3 };

Found *found_new(const char *what, const char *of) {
  Arena all = {0};
  Found *f = arena_zalloc(&all, 1, sizeof *f);
  f->arena = all;
  f->what = of ? arena_printf(&f->arena, "%s %s", what, of) : what;
  f->table = arena_zalloc(&f->arena, TABLES_MOST, sizeof *f->table);
  return f;
}

static TypeKind column_kind(const Val *cell, size_t ncol, size_t nrow) {
  TypeKind kind = T_NUM;
  for (size_t r = 0; r < nrow; r++)
    if (cell[r * ncol].t == V_TEXT) return T_TEXT;
    else if (cell[r * ncol].t == V_DATE) kind = T_DATE;
    else if (cell[r * ncol].t == V_BOOL) kind = T_BOOL;
  return kind;
}

void found_table(Found *f, const char *name, const UiColumn *col, size_t ncol, size_t nrow, const Val *cell, bool words) {
  if (f->ntable == TABLES_MOST) return;
  Arena *a = &f->arena;
  TypeKind *kind = arena_zalloc(a, ncol + 1, sizeof *kind);
  UiColumn *columns = arena_zalloc(a, ncol + 1, sizeof *columns);
  Val *kept = arena_alloc(a, (ncol * nrow + 1) * sizeof *kept);
  for (size_t c = 0; c < ncol; c++) {
    kind[c] = column_kind(cell + c, ncol, nrow);
    columns[c] = col[c];
    columns[c].title.p = arena_strndup(a, col[c].title.p, col[c].title.n);
  }
  for (size_t i = 0; i < ncol * nrow; i++) kept[i] = val_copy(cell[i], a);
  f->table[f->ntable++] = (FoundTable){name, ncol, nrow, columns, kind, kept, words};
}

void found_says(Found *f, Str text) {
  text = str_trim(text);
  f->said = (Str){arena_strndup(&f->arena, text.p ? text.p : "", text.n), text.n};
}

void found_free(Found *f) {
  if (!f) return;
  Arena all = f->arena; /* f lies in it */
  arena_free(&all);
}

Found **found_slot(lua_State *L) {
  Box *b = engine_new(L, CLASS_FOUND, sizeof *b, 0);
  return &b->found;
}

const Found *found_at(lua_State *L, int index) {
  const Box *b = engine_is(L, index, CLASS_FOUND);
  return b ? b->found : NULL;
}

static int gc(lua_State *L) {
  Box *b = lua_touserdata(L, 1);
  found_free(b->found);
  b->found = NULL;
  return 0;
}

static Found *check(lua_State *L, int index) {
  Box *b = engine_is(L, index, CLASS_FOUND);
  if (!b || !b->found) engine_fail(L, "write it with a colon: _:changed()");
  return b->found;
}

/* --- rows ------------------------------------------------------------------------------- */

static Type type_of_column(const FeelHost *h, int entity, const FoundColumn *c) {
  const HostField *f = c->field.n ? h->field(h->ctx, entity, c->field) : NULL;
  if (f && f->kind == HOST_FIELD) return f->type;
  return (Type){.kind = c->kind, .unit = c->unit};
}

/* Names of the columns for the rules of the set at the top; they keep the answer at `box` alive. */
static void lend(lua_State *L, int box, int entity, const FoundRows *r) {
  const FeelHost *h = store_host(engine(L)->store);
  int set = lua_gettop(L);
  Lent *lent = rule_lend(L, r->ncol);
  lua_createtable(L, 2, 0);
  lua_pushvalue(L, box);
  lua_rawseti(L, -2, 1);
  ParamColumn *column = engine_array(L, r->ncol + 1, sizeof *column);
  lua_rawseti(L, -2, 2);
  lua_setiuservalue(L, -2, 1);
  for (size_t i = 0; i < r->ncol; i++) {
    column[i] = (ParamColumn){type_of_column(h, entity, &r->col[i]), r->n, r->id, r->col[i].val};
    lent->name[i] = (Param){.name = r->col[i].name, .column = &column[i]};
  }
  lua_setiuservalue(L, set, SET_NEAR);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < r->nshown; i++) {
    if (i) luaL_addchar(&b, SET_COLUMN);
    luaL_addlstring(&b, r->col[i].name.p, r->col[i].name.n);
  }
  luaL_pushresult(&b);
  lua_setiuservalue(L, set, SET_SHOWN);
}

static bool among(const int64_t *id, size_t n, int64_t x) {
  size_t low = 0, high = n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (id[mid] < x) low = mid + 1;
    else high = mid;
  }
  return low < n && id[low] == x;
}

/* Those of all rows, in their order. */
static void push_those(lua_State *L, int entity, const int64_t *id, size_t n) {
  set_push_all(L, entity);
  const Set *all = lua_touserdata(L, -1);
  Set *s = set_new(L, entity, all->n < n ? all->n : n);
  s->n = 0;
  for (size_t i = 0; i < all->n && s->n < n; i++)
    if (among(id, n, all->id[i])) s->id[s->n++] = all->id[i];
  lua_remove(L, -2);
}

static const FoundRows *rows_named(lua_State *L, const Found *f, int index) {
  if (!f->nrows) engine_fail(L, "%s decides nothing", f->what);
  if (lua_isnoneornil(L, index)) return &f->rows[0];
  Str name = {0};
  name.p = luaL_checklstring(L, index, &name.n);
  for (size_t i = 0; i < f->nrows; i++)
    if (str_eq(f->rows[i].name, name)) return &f->rows[i];
  Str *known = engine_array(L, f->nrows, sizeof *known);
  for (size_t i = 0; i < f->nrows; i++) known[i] = f->rows[i].name;
  engine_unknown(L, "output", name, known, f->nrows);
}

static int changed(lua_State *L) {
  const FoundRows *r = rows_named(L, check(L, 1), 2);
  int entity = catalog_entity(str_of(r->entity))->number;
  lua_settop(L, 1);
  push_those(L, entity, r->id, r->n);
  lend(L, 1, entity, r);
  return 1;
}

/* found:segment("valid-key") -> { joined, left } */
static int segment(lua_State *L) {
  const Found *f = check(L, 1);
  Str name = {0};
  name.p = luaL_checklstring(L, 2, &name.n);
  int account = catalog_entity(STR("account"))->number;
  for (size_t i = 0; i < f->nmoves; i++) {
    const FoundMoves *m = &f->moves[i];
    if (!str_eq(m->name, name)) continue;
    lua_createtable(L, 0, 2);
    push_those(L, account, m->joined, m->njoined);
    lua_setfield(L, -2, "joined");
    push_those(L, account, m->left, m->nleft);
    lua_setfield(L, -2, "left");
    return 1;
  }
  Str *known = engine_array(L, f->nmoves + 1, sizeof *known);
  for (size_t i = 0; i < f->nmoves; i++) known[i] = f->moves[i].name;
  return engine_unknown(L, "segment it changes:", name, known, f->nmoves);
}

/* --- tables --------------------------------------------------------------------------------- */

static Str copied(Figures *f, Str s) { return (Str){arena_strndup(&f->arena, s.p ? s.p : "", s.n), s.n}; }

static void push_table(lua_State *L, const FoundTable *t) {
  Figures *f = figures_new(L, t->ncol, t->nrow);
  f->words = t->words;
  for (size_t c = 0; c < t->ncol; c++) {
    f->text[c] = copied(f, t->col[c].title);
    f->col[c] = (UiColumn){f->text[c], t->col[c].unit, t->col[c].fmt};
    f->type[c] = (Type){.kind = t->kind[c], .unit = t->col[c].unit};
  }
  for (size_t i = 0; i < t->ncol * t->nrow; i++) f->cell[i] = val_copy(t->cell[i], &f->arena);
}

static int table(lua_State *L) {
  const Found *f = check(L, 1);
  push_table(L, &f->table[lua_tointeger(L, lua_upvalueindex(1))]);
  return 1;
}

void found_show(lua_State *L, int index, bool words) {
  const Found *f = check(L, index);
  if (words || !f->ntable) {
    report_note(show_report(L), f->said);
    return;
  }
  push_table(L, &f->table[0]);
  show_value(L, -1, (Str){0}, 0, 0);
  lua_pop(L, 1);
}

/* --- names ------------------------------------------------------------------------------------ */

static int show(lua_State *L) {
  found_show(L, 1, true);
  lua_settop(L, 1);
  return 1;
}

static int text(lua_State *L) {
  lua_pushstring(L, check(L, 1)->what);
  return 1;
}

/* Names of its parts, pushed. */
static Str *parts(lua_State *L, const Found *f, size_t *count) {
  Str *name = engine_array(L, f->nvalue + f->ntable + 3, sizeof *name);
  size_t n = 0;
  for (size_t i = 0; i < f->nvalue; i++) name[n++] = str_of(f->value[i].name);
  for (size_t i = 0; i < f->ntable; i++) name[n++] = str_of(f->table[i].name);
  if (f->nrows) name[n++] = STR("changed");
  if (f->nmoves) name[n++] = STR("segment");
  name[n++] = STR("show");
  *count = n;
  return name;
}

void found_parts(lua_State *L, int index, Offering *o) {
  size_t n;
  const Str *name = parts(L, check(L, index), &n);
  for (size_t i = 0; i < n; i++) offering_add(o, name[i]);
  lua_pop(L, 1);
}

static int unknown(lua_State *L, const Found *f, Str wrong) {
  size_t n;
  const Str *name = parts(L, f, &n);
  lua_pushfstring(L, "part of %s:", f->what);
  return engine_unknown(L, lua_tostring(L, -1), wrong, name, n);
}

static int field(lua_State *L) {
  const Found *f = check(L, 1);
  Str key = {0};
  key.p = luaL_tolstring(L, 2, &key.n);
  for (size_t i = 0; i < f->nvalue; i++)
    if (str_is(key, f->value[i].name)) {
      value_push(L, f->value[i].val, (Type){.kind = T_NUM, .unit = f->value[i].unit});
      return 1;
    }
  for (size_t i = 0; i < f->ntable; i++)
    if (str_is(key, f->table[i].name)) {
      lua_pushinteger(L, (lua_Integer)i);
      lua_pushcclosure(L, table, 1);
      return 1;
    }
  if (str_is(key, "show")) lua_pushcfunction(L, show);
  else if (str_is(key, "changed") && f->nrows) lua_pushcfunction(L, changed);
  else if (str_is(key, "segment")) lua_pushcfunction(L, segment);
  else return unknown(L, f, key);
  return 1;
}

void found_open(lua_State *L) {
  static const luaL_Reg META[] = {{"__gc", gc}, {"__index", field}, {"__tostring", text}, {NULL, NULL}};
  engine_class(L, CLASS_FOUND, META);
}
