#include "lua/stdlib.h"

#include "lua/find.h"
#include "lua/figures.h"
#include "lua/rule.h"
#include "lua/value.h"

#include <stdlib.h>
#include <string.h>

static void column_head(lua_State *L, Figures *f, size_t c) {
  lua_rawgeti(L, 1, (lua_Integer)c + 1);
  luaL_checktype(L, -1, LUA_TTABLE);
  lua_getfield(L, -1, "title");
  size_t n;
  const char *p = luaL_checklstring(L, -1, &n);
  f->col[c].title = f->text[c] = (Str){arena_strndup(&f->arena, p, n), n};
  f->col[c].fmt = FMT_NONE;
  lua_getfield(L, -2, "unit");
  if (lua_type(L, -1) == LUA_TSTRING) unit_parse(str_of(lua_tostring(L, -1)), &f->type[c].unit);
  lua_getfield(L, -3, "format");
  if (lua_type(L, -1) == LUA_TSTRING) fmt_parse(str_of(lua_tostring(L, -1)), &f->col[c].fmt);
  f->col[c].unit = f->type[c].unit;
  lua_pop(L, 4);
}

/* frame({ {title=, unit=, format=}, … }, { { cell, … }, … }) */
static int make_frame(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t ncol = lua_rawlen(L, 1), nrow = lua_rawlen(L, 2);
  if (ncol > 1000 || nrow > TABLE_MOST / 64) return engine_fail(L, "this table is too large");
  Figures *f = figures_new(L, ncol, nrow);
  for (size_t c = 0; c < ncol; c++) column_head(L, f, c);
  for (size_t r = 0; r < nrow; r++) {
    lua_rawgeti(L, 2, (lua_Integer)r + 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    for (size_t c = 0; c < ncol; c++) {
      Unit unit;
      lua_rawgeti(L, -1, (lua_Integer)c + 1);
      f->cell[r * ncol + c] = val_copy(value_to(L, -1, &f->arena, &unit), &f->arena);
      if (unit != UNIT_NONE) f->type[c].unit = f->col[c].unit = unit;
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  return 1;
}

/* literals "1%, 5%": an array of numbers. */
static int literals(lua_State *L) {
  Str rest;
  rest.p = luaL_checklstring(L, 1, &rest.n);
  Arena *a = engine_arena(L);
  lua_newtable(L);
  lua_Integer n = 0;
  while (rest.p && rest.n) {
    Str one = str_trim(str_split(rest, ',', &rest));
    Val v;
    Unit unit;
    if (!value_literal(one, a, &v, &unit)) return engine_fail(L, "%.*s is no number (15%%, 0.2, 50万)", STR_ARG(one));
    value_push(L, v, (Type){0});
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* What the library is lent: sets (the verbs, to add to), frame, literals. */
static void push_lent(lua_State *L) {
  lua_createtable(L, 0, 3);
  set_methods(L);
  lua_setfield(L, -2, "sets");
  lua_pushcfunction(L, make_frame);
  lua_setfield(L, -2, "frame");
  lua_pushcfunction(L, literals);
  lua_setfield(L, -2, "literals");
}

static void open_one(lua_State *L, const char *name, Str text) {
  lua_pushfstring(L, "=stdlib/%s.lua", name);
  engine_load(L, text, lua_tostring(L, -1));
  lua_pushvalue(L, 1);
  lua_call(L, 1, 0);
  lua_pop(L, 1);
}

/* The files of the embedded list, read from a folder instead. */
static void open_folder(lua_State *L, const char *folder) {
  for (const StdlibFile *f = stdlib_files; f->name; f++) {
    if (f->rulebook) continue;
    Buf *b = engine_buf(L);
    const char *path = lua_pushfstring(L, "%s/%s.lua", folder, f->name);
    if (!find_read(path, b, &engine(L)->err)) engine_raise(L);
    open_one(L, f->name, buf_view(b));
    lua_pop(L, 2);
  }
}

static int open_all(lua_State *L) {
  const char *folder = getenv("PARETO_STDLIB");
  if (folder && *folder) {
    open_folder(L, folder);
    return 0;
  }
  for (const StdlibFile *f = stdlib_files; f->name; f++)
    if (!f->rulebook) open_one(L, f->name, (Str){f->text, f->size});
  return 0;
}

const StdlibFile *stdlib_rulebook(Str name) {
  for (const StdlibFile *f = stdlib_files; f->name; f++)
    if (f->rulebook && str_is(name, f->name)) return f;
  return NULL;
}

void stdlib_open(lua_State *L) {
  lua_pushcfunction(L, open_all);
  push_lent(L);
  lua_call(L, 1, 0);
}
