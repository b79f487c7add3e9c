/* Money, dates and durations as scripts see them: their arithmetic and its refusals.
 * ¥ + % and ¥ + 1 are errors, ¥ × 0.15 rounds half away from zero, ¥ ÷ ¥ is a number;
 * a date moves by "7d" or "3m", date - date is days. */
#ifndef LUA_QUANTITY_H
#define LUA_QUANTITY_H
#include <lua.h>

void quantity_open(lua_State *L); /* classes, and the globals null money date duration */
#endif
