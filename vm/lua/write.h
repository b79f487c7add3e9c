/* Verbs that plan changes: decide, assign, put, segments, new rows. */
#ifndef LUA_WRITE_H
#define LUA_WRITE_H
#include "lua/set.h"

/* Decides a table over the set at index, logs the decisions, writes the outputs that `writes` names. */
void write_decide(lua_State *L, int set, Str table);
#endif
