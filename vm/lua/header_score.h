/* scores = { name = { out_of = …, min_known = …, weights = …, caps = …, of = …, [[ grid ]] }, … }: read with the
 * header as text, with places. */
#ifndef LUA_HEADER_SCORE_H
#define LUA_HEADER_SCORE_H
#include "lua/header.h"

/* The table on top of the stack into h->score; pops it. Raises at what it cannot read. */
void header_scores(struct lua_State *L, Header *h);
#endif
