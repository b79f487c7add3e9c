/* What could stand at the end of a line that is being typed: inside vm/lua, see lua/session.h. */
#ifndef LUA_COMPLETE_H
#define LUA_COMPLETE_H
#include "lua/engine.h"
#include "lua/session.h"

/* May raise; calls nothing that a script defined. `out` and the arena are the caller's. */
void complete_offer(lua_State *L, Str text, Arena *a, SessionOffer *out);
/* The same within the rule over rows of `entity` that begins at `from`. */
void complete_rule(lua_State *L, int entity, Str s, size_t from, Arena *a, SessionOffer *out);

/* Adds a word unless it does not begin with `typed` (capitals or not). */
typedef struct Offering {
  Arena *arena;
  Str typed;
  Str *word;
  size_t n, cap;
} Offering;
void offering_add(Offering *o, Str word);
/* Sorted, each once, into `out`. */
void offering_done(Offering *o, SessionOffer *out);
#endif
