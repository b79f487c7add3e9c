#include "lua/sandbox.h"

#include "base/lang.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

static const char BUILTIN, LOOKUP, WORDS; /* registry keys by address */

static int read_only(lua_State *L) {
  return engine_fail(L, "%s is part of the language and stays as it is",
                   lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : _("this table"));
}

/* Replaces the table on top by an empty one that shows it and refuses to be changed. */
static void protect(lua_State *L) {
  lua_newtable(L);
  lua_newtable(L);
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, read_only);
  lua_setfield(L, -2, "__newindex");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_remove(L, -2);
}

size_t sandbox_names(lua_State *L, const Str **name) {
  size_t n = 0, cap = 0;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &BUILTIN);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &WORDS);
  int last = lua_gettop(L);
  for (int t = last - 1; t <= last; t++)
    for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1)) cap++;
  Str *list = engine_array(L, cap + 1, sizeof *list);
  for (int t = last - 1; t <= last; t++)
    for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1))
      if (lua_type(L, -2) == LUA_TSTRING) list[n].p = lua_tolstring(L, -2, &list[n].n), n++;
  *name = list;
  return n;
}

void sandbox_word(lua_State *L, const char *name) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &WORDS);
  lua_pushboolean(L, 1);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

static int get_global(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &BUILTIN);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, -2) != LUA_TNIL) return 1;
  lua_pop(L, 1);
  if (lua_type(L, 2) == LUA_TSTRING && lua_rawgetp(L, LUA_REGISTRYINDEX, &LOOKUP) == LUA_TFUNCTION) {
    lua_pushvalue(L, 2);
    lua_call(L, 1, 1);
    if (!lua_isnil(L, -1)) return 1;
  }
  Str wrong = {0};
  wrong.p = luaL_tolstring(L, 2, &wrong.n);
  const Str *name;
  size_t n = sandbox_names(L, &name);
  return engine_unknown(L, "name", wrong, name, n);
}

static int set_global(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &BUILTIN);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, -2) != LUA_TNIL) return read_only(L);
  lua_settop(L, 3);
  lua_rawset(L, 1);
  return 0;
}

void sandbox_global(lua_State *L, const char *name) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &BUILTIN);
  lua_insert(L, -2);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

void sandbox_lookup(lua_State *L) { lua_rawsetp(L, LUA_REGISTRYINDEX, &LOOKUP); }

/* Every function of the table on top becomes a global; pops it. */
static void all_global(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &BUILTIN);
  for (lua_pushnil(L); lua_next(L, -3);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_settable(L, -4);
  }
  lua_pop(L, 2);
}

/* The functions of Lua's base library that do no harm as they are. */
static void open_base(lua_State *L) {
  static const char *const SAFE[] = {"assert", "error",  "getmetatable", "ipairs", "rawequal", "rawget",
                                     "rawlen", "rawset", "select",       "tonumber", "type"};
  luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
  for (size_t i = 0; i < sizeof SAFE / sizeof *SAFE; i++) {
    lua_getfield(L, -1, SAFE[i]);
    sandbox_global(L, SAFE[i]);
  }
  lua_pop(L, 1);
}

static void open_math(lua_State *L) {
  luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 0);
  lua_getfield(L, -1, "randomseed");
  lua_pushinteger(L, (lua_Integer)engine(L)->seed);
  lua_call(L, 1, 0);
  lua_pushnil(L);
  lua_setfield(L, -2, "randomseed");
}

void sandbox_open(lua_State *L) {
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &BUILTIN);
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &WORDS);
  open_base(L);
  guard_open(L);
  all_global(L);
  order_open(L);
  all_global(L);
  order_table(L);
  protect(L);
  sandbox_global(L, "table");
  text_open(L);
  protect(L);
  sandbox_global(L, "string");
  open_math(L);
  protect(L);
  sandbox_global(L, "math");
  guard_coroutine(L);
  protect(L);
  sandbox_global(L, "coroutine");
  luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, 0);
  protect(L);
  sandbox_global(L, "utf8");

  lua_newtable(L); /* what the script itself defines */
  lua_newtable(L);
  lua_pushcfunction(L, get_global);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, set_global);
  lua_setfield(L, -2, "__newindex");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}
