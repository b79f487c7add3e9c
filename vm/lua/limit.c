#include "lua/limit.h"

#include "base/mem.h"
#include "base/stop.h"
#include "lua/engine.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

enum { HOOK_STEPS = 1000, TICK = 20000 /* microseconds */ };

static long fail_in;
static bool failing;

void budget_fail_after(long n) {
  fail_in = n;
  failing = false;
}

static bool refused(void) {
  if (failing) return true;
  if (fail_in > 0 && --fail_in == 0) failing = true;
  return failing || mem_should_fail();
}

void *budget_alloc(void *budget, void *p, size_t osize, size_t nsize) {
  Budget *b = budget;
  if (!p) osize = 0; /* Lua passes a type tag there */
  if (nsize == 0) {
    b->used -= osize;
    free(p);
    return NULL;
  }
  if (nsize > osize) {
    if (nsize - osize > b->max - b->used || refused()) return NULL;
  }
  void *q = realloc(p, nsize);
  if (!q) return nsize <= osize ? p : NULL;
  b->used = b->used - osize + nsize;
  return q;
}

bool limit_over(lua_State *L) {
  Engine *h = engine(L);
  if (!h->stopped && stop_asked()) h->stopped = true;
  return h->stopped;
}

int limit_stop(lua_State *L) {
  Engine *h = engine(L);
  h->stopped = true;
  if (!h->stop_line) h->stop_line = engine_line(L);
  if (L != h->L && !h->closing && lua_isyieldable(L)) return lua_yield(L, 0);
  lua_pushliteral(L, "stopped");
  return lua_error(L);
}

static void on_count(lua_State *L, lua_Debug *ar) {
  (void)ar;
  Engine *h = engine(L);
  if (h->steps >= 0) {
    h->steps -= HOOK_STEPS;
    if (h->steps < 0) {
      h->steps = 0;
      h->stopped = true;
    }
  }
  if (limit_over(L)) limit_stop(L);
}

/* --- the timer ------------------------------------------------------------------ */

static Engine *volatile ticking; /* the engine whose script runs */

/* In a signal handler: lua_sethook is the one function of Lua that may be called there. */
static void on_tick(int sig) {
  (void)sig;
  Engine *h = ticking;
  lua_State *L = h ? h->running : NULL;
  if (L && stop_asked()) lua_sethook(L, on_count, LUA_MASKCOUNT, 1);
}

typedef struct Ticks {
  Engine *outer;
  struct sigaction was;
} Ticks;

static void ticks_start(Engine *h, Ticks *t) {
  struct sigaction act = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
  t->outer = ticking;
  ticking = h;
  if (t->outer) return;
  sigaction(SIGALRM, &act, &t->was);
  setitimer(ITIMER_REAL, &(struct itimerval){{0, TICK}, {0, TICK}}, NULL);
}

static void ticks_end(const Ticks *t) {
  ticking = t->outer;
  if (t->outer) return;
  setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
  signal(SIGALRM, SIG_IGN); /* a last tick that is still under way would end the process */
  sigaction(SIGALRM, &t->was, NULL);
}

void limit_call(lua_State *L, int nargs) {
  Engine *h = engine(L);
  lua_State *outer = h->running;
  int first = lua_gettop(L) - nargs;
  lua_State *co = lua_newthread(L);
  lua_insert(L, first);
  if (!lua_checkstack(co, nargs + LUA_MINSTACK)) luaL_error(L, "not enough memory");
  lua_xmove(L, co, nargs + 1);
  bool counted = h->steps >= 0;
  if (counted) lua_sethook(co, on_count, LUA_MASKCOUNT, HOOK_STEPS);
  h->stop_line = 0;
  int nres = 0;
  Ticks ticks;
  h->running = co;
  if (!counted) ticks_start(h, &ticks);
  int status = lua_resume(co, L, nargs, &nres);
  if (!counted) ticks_end(&ticks);
  h->running = outer;
  if (status != LUA_OK) {
    /* The stack of co stands as it failed: the place is read from it. */
    err_free(&h->err);
    if (h->stopped) {
      int line = h->stop_line ? h->stop_line : engine_line(co);
      if (h->steps == 0)
        err_set(&h->err, ERR_FAIL, "a header is data, and this one computes without end");
      else
        stop_check(&h->err);
      if (h->file && line && !h->prompt) err_at(&h->err, h->file, line, 0);
    } else if (status == LUA_YIELD) {
      err_set(&h->err, ERR_FAIL, "coroutine.yield outside a coroutine: nothing would resume the script");
      if (h->file && !h->prompt) err_at(&h->err, h->file, engine_line(co), 0);
    } else {
      engine_box(co, status, &h->err);
    }
    lua_settop(co, 0);
    engine_raise(L);
  }
  if (nres > 0) {
    lua_settop(co, lua_gettop(co) - nres + 1);
    lua_xmove(co, L, 1);
  } else {
    lua_pushnil(L);
  }
  lua_remove(L, first);
}
