/* Order without accidents: pairs and next by key, a stable sort, and table functions
 * that do not believe a lying length. */
#include "lua/sandbox.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

/* A key as the order sees it: numbers by value, then text by bytes, then false, true, then rows. */
typedef struct OrderKey {
  int rank;
  bool exact;
  lua_Integer i;
  lua_Number d;
  Str s;
  int at; /* its place in the array of keys */
} OrderKey;

enum { RANK_NUMBER, RANK_TEXT, RANK_BOOL };

static int cmp_number(const OrderKey *x, const OrderKey *y) {
  if (x->exact && y->exact) return x->i < y->i ? -1 : x->i > y->i;
  lua_Number a = x->exact ? (lua_Number)x->i : x->d, b = y->exact ? (lua_Number)y->i : y->d;
  return a < b ? -1 : a > b;
}

static int cmp_key(const void *a, const void *b) {
  const OrderKey *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  if (x->rank == RANK_TEXT) return str_cmp(x->s, y->s);
  return cmp_number(x, y);
}

static OrderKey key_of(lua_State *L, int index) {
  OrderKey k = {0};
  switch (lua_type(L, index)) {
    case LUA_TNUMBER:
      k.exact = lua_isinteger(L, index);
      if (k.exact)
        k.i = lua_tointeger(L, index);
      else
        k.d = lua_tonumber(L, index);
      break;
    case LUA_TSTRING:
      k.rank = RANK_TEXT;
      k.s.p = lua_tolstring(L, index, &k.s.n);
      break;
    case LUA_TBOOLEAN:
      k.rank = RANK_BOOL;
      k.exact = true;
      k.i = lua_toboolean(L, index);
      break;
    default:
      engine_fail(L, "the keys of this table have no order (a %s among them); keep a list, or key by code",
                luaL_typename(L, index));
  }
  return k;
}

/* Pushes an array of the keys of the table at t, in order; returns how many. */
static int sorted_keys(lua_State *L, int t) {
  lua_newtable(L);
  int list = lua_gettop(L), n = 0;
  for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_rawseti(L, list, ++n);
  }
  OrderKey *key = engine_array(L, (size_t)n, sizeof *key);
  for (int i = 0; i < n; i++) {
    lua_rawgeti(L, list, i + 1);
    key[i] = key_of(L, -1);
    key[i].at = i + 1;
    lua_pop(L, 1);
  }
  qsort(key, (size_t)n, sizeof *key, cmp_key);
  lua_createtable(L, n, 0);
  for (int i = 0; i < n; i++) {
    lua_rawgeti(L, list, key[i].at);
    lua_rawseti(L, -2, i + 1);
  }
  lua_replace(L, list);
  lua_settop(L, list);
  return n;
}

/* upvalues: keys, next place. */
static int pairs_step(lua_State *L) {
  lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
  for (;;) {
    i++;
    if (lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL) return 1;
    lua_pushvalue(L, -1);
    if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL) break; /* a key set to nil meanwhile is passed over */
    lua_pop(L, 2);
  }
  lua_pushinteger(L, i);
  lua_replace(L, lua_upvalueindex(2));
  return 2;
}

static int order_pairs(lua_State *L) {
  luaL_checkany(L, 1);
  if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_call(L, 1, 3);
    return 3;
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  sorted_keys(L, 1);
  lua_pushinteger(L, 0);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, pairs_step, 3);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

static int order_next(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  bool first = lua_isnil(L, 2);
  OrderKey after = {0}, best = {0};
  if (!first) after = key_of(L, 2);
  lua_pushnil(L); /* 3: the best key so far */
  bool found = false;
  for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
    OrderKey k = key_of(L, -2);
    if (!first && cmp_key(&k, &after) <= 0) continue;
    if (found && cmp_key(&k, &best) >= 0) continue;
    best = k;
    found = true;
    lua_pushvalue(L, -2);
    lua_replace(L, 3);
  }
  if (!found) {
    lua_pushnil(L);
    return 1;
  }
  lua_settop(L, 3);
  lua_pushvalue(L, 3);
  lua_rawget(L, 1);
  return 2;
}

void order_open(lua_State *L) {
  static const luaL_Reg FN[] = {{"pairs", order_pairs}, {"next", order_next}, {NULL, NULL}};
  luaL_newlib(L, FN);
}

static lua_Integer check_length(lua_State *L, int index) {
  luaL_checktype(L, index, LUA_TTABLE);
  lua_Integer n = luaL_len(L, index);
  if (n < 0 || n > TABLE_MOST) engine_fail(L, "a list of %lld elements is beyond every limit", (long long)n);
  return n;
}

/* Is list[i] (at a) to stand after b? Both on top of the stack: a, b. Pops them. */
static bool stands_after(lua_State *L, int cmp) {
  bool after;
  if (cmp) {
    lua_pushvalue(L, cmp);
    lua_pushvalue(L, -2); /* b < a ? */
    lua_pushvalue(L, -4);
    lua_call(L, 2, 1);
    after = lua_toboolean(L, -1);
    lua_pop(L, 1);
  } else {
    after = lua_compare(L, -1, -2, LUA_OPLT);
  }
  lua_pop(L, 2);
  return after;
}

static void merge(lua_State *L, int from, int to, lua_Integer low, lua_Integer mid, lua_Integer high, int cmp) {
  lua_Integer i = low, j = mid;
  for (lua_Integer k = low; k < high; k++) {
    bool right = i >= mid;
    if (!right && j < high) {
      lua_rawgeti(L, from, i);
      lua_rawgeti(L, from, j);
      right = stands_after(L, cmp);
    }
    lua_rawgeti(L, from, right ? j++ : i++);
    lua_rawseti(L, to, k);
    if ((k & 1023) == 0 && limit_over(L)) limit_stop(L);
  }
}

/* A bottom-up merge sort: stable, and without the clock that Lua's own quicksort asks. */
static int order_sort(lua_State *L) {
  lua_Integer n = check_length(L, 1);
  if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  int cmp = lua_isnil(L, 2) ? 0 : 2;
  lua_createtable(L, (int)n, 0); /* 3 and 4: the two tables that are merged to and fro */
  lua_createtable(L, (int)n, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, 1, i);
    lua_rawseti(L, 3, i);
  }
  int from = 3, to = 4;
  for (lua_Integer width = 1; width < n; width *= 2) {
    for (lua_Integer low = 1; low <= n; low += 2 * width) {
      lua_Integer mid = low + width > n + 1 ? n + 1 : low + width;
      lua_Integer high = low + 2 * width > n + 1 ? n + 1 : low + 2 * width;
      merge(L, from, to, low, mid, high, cmp);
    }
    int t = from;
    from = to;
    to = t;
  }
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, from, i);
    lua_seti(L, 1, i);
  }
  return 0;
}

/* Lua's own function (upvalue 1), once the length of its first argument is believable. */
static int checked(lua_State *L) {
  check_length(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

static void check_span(lua_State *L, lua_Integer from, lua_Integer to) {
  if (to >= from && (lua_Unsigned)to - (lua_Unsigned)from >= TABLE_MOST)
    engine_fail(L, "%lld to %lld are more elements than any limit allows", (long long)from, (long long)to);
}

static int order_move(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  check_span(L, luaL_checkinteger(L, 2), luaL_checkinteger(L, 3));
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static int order_concat(lua_State *L) {
  lua_Integer n = check_length(L, 1);
  check_span(L, luaL_optinteger(L, 3, 1), luaL_optinteger(L, 4, n));
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

void order_table(lua_State *L) {
  static const struct {
    const char *name;
    lua_CFunction guard; /* NULL: as Lua has it */
  } FN[] = {{"insert", checked}, {"remove", checked}, {"move", order_move}, {"concat", order_concat},
            {"unpack", NULL},    {"pack", NULL}};
  luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 0);
  lua_newtable(L);
  for (size_t i = 0; i < sizeof FN / sizeof *FN; i++) {
    lua_getfield(L, -2, FN[i].name);
    if (FN[i].guard) lua_pushcclosure(L, FN[i].guard, 1);
    lua_setfield(L, -2, FN[i].name);
  }
  lua_pushcfunction(L, order_sort);
  lua_setfield(L, -2, "sort");
  lua_remove(L, -2);
}
