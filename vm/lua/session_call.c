#include "lua/session_call.h"

#include "lua/found.h"
#include "lua/sandbox.h"
#include "lua/show.h"

#include <stdlib.h>

static Str text_at(lua_State *L, int index) {
  Str s;
  if (lua_isboolean(L, index)) return lua_toboolean(L, index) ? STR("true") : STR("false");
  Buf *b = engine_buf(L);
  show_plain(L, index, b);
  s = buf_view(b);
  return s.p ? s : STR("");
}

static int by_key(const void *x, const void *y) { return str_cmp(((const Str *)x)[0], ((const Str *)y)[0]); }

/* Entries of the table at index, in order of their names: { key, value } pairs. */
static Str *entries(lua_State *L, int index, size_t *n) {
  size_t cap = 0;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) cap++;
  Str *pair = engine_array(L, 2 * cap + 1, sizeof *pair);
  luaL_checkstack(L, (int)(cap < 100 ? cap : 100) * 2 + 8, "too many entries");
  if (cap > 100) engine_fail(L, "too many entries");
  *n = 0;
  lua_pushnil(L);
  while (lua_next(L, index)) {
    if (lua_type(L, -2) != LUA_TSTRING) engine_fail(L, "write { name = value }");
    Str *at = &pair[2 * (*n)++];
    at[0].p = lua_tolstring(L, -2, &at[0].n);
    int value = lua_gettop(L), key = value - 1;
    at[1] = text_at(L, value); /* what holds it stays below the key that lua_next wants */
    lua_pushvalue(L, key);
  }
  qsort(pair, *n, 2 * sizeof *pair, by_key);
  return pair;
}

static int command(lua_State *L) {
  const Calls *calls = lua_touserdata(L, lua_upvalueindex(1));
  const char *name = lua_tostring(L, lua_upvalueindex(2));
  int n = lua_gettop(L);
  Str *arg = engine_array(L, (size_t)n + 1, sizeof *arg), *pair = NULL;
  size_t narg = 0, nset = 0;
  for (int i = 1; i <= n; i++) {
    if (lua_istable(L, i) && !pair) pair = entries(L, i, &nset);
    else if (lua_isstring(L, i) || lua_isboolean(L, i)) arg[narg++] = text_at(L, i);
    else return engine_fail(L, "%s takes texts, numbers and a table { name = value }", name);
  }
  Str *key = engine_array(L, nset + 1, sizeof *key), *value = engine_array(L, nset + 1, sizeof *value);
  for (size_t i = 0; i < nset; i++) key[i] = pair[2 * i], value[i] = pair[2 * i + 1];
  Found **out = found_slot(L);
  if (!calls->fn(calls->ctx, name, arg, narg, key, value, nset, out, &engine(L)->err)) return engine_raise(L);
  return *out ? 1 : 0;
}

void calls_open(lua_State *L, const char *const *name, const Calls *calls) {
  for (; *name; name++) {
    lua_pushlightuserdata(L, (void *)calls);
    lua_pushstring(L, *name);
    lua_pushcclosure(L, command, 2);
    sandbox_global(L, *name);
  }
}
