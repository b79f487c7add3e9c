/* string.* without what betrays addresses or outruns the limits. */
#include "lua/sandbox.h"
#include "lua/search.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

static void push_text(lua_State *L, int index) {
  index = lua_absindex(L, index);
  if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    if (lua_type(L, -1) != LUA_TSTRING) engine_fail(L, "__tostring has to return text");
    return;
  }
  switch (lua_type(L, index)) {
    case LUA_TNUMBER:
    case LUA_TSTRING:
      lua_pushvalue(L, index);
      lua_tostring(L, -1);
      break;
    case LUA_TBOOLEAN:
      lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
      break;
    case LUA_TNIL:
      lua_pushliteral(L, "nil");
      break;
    default:
      if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) break;
      lua_pushstring(L, luaL_typename(L, index));
  }
}

int text_tostring(lua_State *L) {
  luaL_checkany(L, 1);
  push_text(L, 1);
  return 1;
}

/* Everything that is neither number nor text goes in as text made here; %p is refused. */
static int text_format(lua_State *L) {
  size_t n;
  const char *f = luaL_checklstring(L, 1, &n), *end = f + n;
  for (const char *p = memchr(f, '%', n); p; p = memchr(p, '%', (size_t)(end - p))) {
    p++;
    if (*p == '%') {
      p++;
      continue;
    }
    p += strspn(p, "-+ #0123456789."); /* stops at the end, where Lua keeps a NUL */
    if (*p == 'p') return engine_fail(L, "%%p would print an address, which differs from run to run");
  }
  for (int i = 2; i <= lua_gettop(L); i++) {
    int t = lua_type(L, i);
    if (t == LUA_TNUMBER || t == LUA_TSTRING) continue;
    push_text(L, i);
    lua_replace(L, i);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

/* Lua would count up to n even when there is nothing to repeat. */
static int text_rep(lua_State *L) {
  size_t n, sep = 0;
  luaL_checklstring(L, 1, &n);
  if (!lua_isnoneornil(L, 3)) luaL_checklstring(L, 3, &sep);
  if (n + sep == 0) {
    luaL_checkinteger(L, 2);
    lua_pushliteral(L, "");
    return 1;
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

void text_open(lua_State *L) {
  static const char *const SAFE[] = {"byte", "char", "len", "lower", "reverse", "sub", "upper"};
  static const luaL_Reg GUARDED[] = {{"format", text_format}, {"rep", text_rep}};
  luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
  lua_newtable(L);
  for (size_t i = 0; i < sizeof SAFE / sizeof *SAFE; i++) {
    lua_getfield(L, -2, SAFE[i]);
    lua_setfield(L, -2, SAFE[i]);
  }
  for (size_t i = 0; i < sizeof GUARDED / sizeof *GUARDED; i++) {
    lua_getfield(L, -2, GUARDED[i].name);
    lua_pushcclosure(L, GUARDED[i].func, 1);
    lua_setfield(L, -2, GUARDED[i].name);
  }
  search_open(L);
  lua_remove(L, -2);
  /* All strings share one metatable: theirs is made anew, with a table that scripts never hold. */
  lua_newtable(L);
  lua_newtable(L);
  lua_pushnil(L);
  while (lua_next(L, -4)) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_settable(L, -4);
  }
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushliteral(L, "");
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}
