/* Limits on a script: memory, steps, time.
 *
 * Memory: a Lua state takes it from budget_alloc, which refuses what exceeds the
 * budget; Lua then raises its own "not enough memory", softly.
 *
 * Time: a script runs as a coroutine. While it runs a timer ticks; past the deadline
 * (or on Ctrl-C) a tick sets a hook, the hook yields and nobody resumes: no handler,
 * no __close, no pcall of the script gets a say. Where Lua cannot yield (inside a sort
 * or gsub callback) the hook raises, and the host's pcall, xpcall and coroutine functions
 * pass it on. No hook is set before, since one that counts costs every instruction.
 *
 * Steps: a header is read under a hook that counts, which makes its end exact. */
#ifndef LUA_LIMIT_H
#define LUA_LIMIT_H
#include "base/err.h"

#include <lua.h>

typedef struct Budget {
  size_t used, max;
} Budget;

enum { SCRIPT_MEMORY = 128 << 20, HEADER_MEMORY = 8 << 20, HEADER_STEPS = 200000, TABLE_MOST = 1 << 26 };

/* A lua_Alloc; ud is a Budget. Shrinking never fails. */
void *budget_alloc(void *budget, void *p, size_t osize, size_t nsize);
/* Makes the n-th growing allocation of any Lua state from now fail, and all after it: memory that
 * is out stays out. 0 = never. For tests. */
void budget_fail_after(long n);

/* Calls the function with nargs arguments on top of L as a script under the limits of its Engine.
 * Its first result (or nil) is left on L. Runs inside a protected call; raises an error value. */
void limit_call(lua_State *L, int nargs);
/* Ends the script from inside a C function of it: yields for good, or raises. */
int limit_stop(lua_State *L);
/* True when the script has to end; bindings with loops of their own ask now and then. */
bool limit_over(lua_State *L);
#endif
