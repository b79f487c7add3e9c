/* Orders of sets: "verdict, -revenue_12m" as sort keys. */
#ifndef LUA_SORT_H
#define LUA_SORT_H
#include "lua/set.h"

/* A copy of the set at index in the order of the keys, pushed: null last, ties by code. With
 * `largest` every key is turned round (top). */
Set *sort_set(lua_State *L, int set, Src keys, int params, bool largest);
/* The next of keys separated by commas outside brackets and quotes; false at the end. */
bool sort_next_key(Src *rest, Src *key);
#endif
