/* Functions that could keep a script alive past its limits, or hide what it did. */
#include "lua/sandbox.h"

#include "base/lang.h"
#include "base/stop.h"

#include <lauxlib.h>
#include <lualib.h>

/* A script that ran out of memory ends: one that went on would only run out again. */
static void check_memory(lua_State *L, int status) {
  if (status == LUA_ERRMEM) engine(L)->exhausted = true;
  if (engine(L)->exhausted) lua_error(L);
}

static int finish_pcall(lua_State *L, int status, lua_KContext below) {
  lang_plain(-1);
  if (limit_over(L)) return limit_stop(L);
  check_memory(L, status);
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)below;
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

static int guard_pcall(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1); /* the first result when all goes well */
  lua_insert(L, 1);
  lang_plain(1);
  return finish_pcall(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall), 0);
}

/* The script's message handler, unless time is up. */
static int handler(lua_State *L) {
  if (limit_over(L)) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static int guard_xpcall(lua_State *L) {
  luaL_checkany(L, 1);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, handler, 1);
  lua_replace(L, 2);
  lua_pushvalue(L, 1); /* f handler … -> f handler true f … */
  lua_insert(L, 3);
  lua_pushboolean(L, 1);
  lua_insert(L, 3);
  int nargs = lua_gettop(L) - 4;
  lang_plain(1);
  return finish_pcall(L, lua_pcallk(L, nargs, LUA_MULTRET, 2, 2, finish_pcall), 2);
}

static int guard_setmetatable(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_argexpected(L, lua_isnil(L, 2) || lua_istable(L, 2), 2, "nil or table");
  if (lua_istable(L, 2)) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL) return engine_fail(L, "__gc is not for scripts: nothing here needs a finalizer");
    lua_pop(L, 1);
  }
  if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return engine_fail(L, "this metatable is protected");
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

void guard_open(lua_State *L) {
  static const luaL_Reg FN[] = {{"pcall", guard_pcall},
                                {"xpcall", guard_xpcall},
                                {"setmetatable", guard_setmetatable},
                                {"tostring", text_tostring},
                                {NULL, NULL}};
  luaL_newlib(L, FN);
}

/* Resumes co with the nargs values on top of L. True and results on L, or false and the error value. */
static bool resume(lua_State *L, lua_State *co, int nargs, int *nres) {
  if (!lua_checkstack(co, nargs)) {
    lua_pushliteral(L, "too many arguments to resume");
    return false;
  }
  lua_xmove(L, co, nargs);
  Engine *h = engine(L);
  h->running = co;
  int status = lua_resume(co, L, nargs, nres);
  h->running = L;
  if (limit_over(L)) {
    lua_settop(co, 0);
    limit_stop(L);
  }
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    check_memory(L, status);
    return false;
  }
  if (!lua_checkstack(L, *nres + 1)) {
    lua_pop(co, *nres);
    lua_pushliteral(L, "too many results to resume");
    return false;
  }
  lua_xmove(co, L, *nres);
  return true;
}

static lua_State *check_thread(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "coroutine");
  return co;
}

static int co_resume(lua_State *L) {
  lua_State *co = check_thread(L);
  int nres = 0;
  /* limit_stop inside resume yields for good when it can; where it returns, so do we. */
  if (!resume(L, co, lua_gettop(L) - 1, &nres)) {
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
  }
  lua_pushboolean(L, 1);
  lua_insert(L, -(nres + 1));
  return nres + 1;
}

static int wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int nres = 0;
  if (!resume(L, co, lua_gettop(L), &nres)) return lua_error(L);
  return nres;
}

static int co_create(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  return 1;
}

static int co_wrap(lua_State *L) {
  co_create(L);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

/* Lua's own close (upvalue 1); the handlers it calls run in the coroutine that is closed. */
static int co_close(lua_State *L) {
  Engine *h = engine(L);
  lua_State *co = check_thread(L);
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  bool outer = h->closing;
  h->running = co;
  h->closing = true;
  int status = lua_pcall(L, 1, LUA_MULTRET, 0);
  h->running = L;
  h->closing = outer;
  if (limit_over(L)) return limit_stop(L);
  check_memory(L, status);
  return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

/* From the script itself nobody would resume it: it ends there, whatever stands around the call. */
static int co_yield(lua_State *L) {
  return lua_yield(L, lua_gettop(L));
}

void guard_coroutine(lua_State *L) {
  static const luaL_Reg FN[] = {{"create", co_create}, {"resume", co_resume}, {"wrap", co_wrap},
                                {"yield", co_yield},   {NULL, NULL}};
  static const char *const SAFE[] = {"status", "running", "isyieldable"};
  luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 0);
  luaL_newlib(L, FN);
  for (size_t i = 0; i < sizeof SAFE / sizeof *SAFE; i++) {
    lua_getfield(L, -2, SAFE[i]);
    lua_setfield(L, -2, SAFE[i]);
  }
  lua_getfield(L, -2, "close");
  lua_pushcclosure(L, co_close, 1);
  lua_setfield(L, -2, "close");
  lua_remove(L, -2);
}
