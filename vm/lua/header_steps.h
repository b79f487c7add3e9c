/* steps = { { "import", "orders-{month}.csv", as = "orders" }, { "rfm", wait = "approve" }, … } of a chain: read with the
 * header as data, with places. */
#ifndef LUA_HEADER_STEPS_H
#define LUA_HEADER_STEPS_H
#include "lua/header.h"

/* The table on top of the stack into h->step; pops it. Raises at what it cannot read. */
void header_steps(struct lua_State *L, Header *h);
#endif
