/* An account as a card, and a figure's course over months: what the session shows of one row. */
#ifndef LUA_CARD_H
#define LUA_CARD_H
#include "lua/set.h"

/* Who it is, figures with their course, published metrics, what runs decided, related rows. */
void card_text(lua_State *L, int entity, int64_t id, Buf *out);
/* Has this entity a card? Others are shown field by field. */
bool card_has(int entity);
void card_open(lua_State *L); /* row:history "revenue", row:fields() */
#endif
