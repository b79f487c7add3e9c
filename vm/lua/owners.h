/* Who takes care of whom, in scripts: staff:propose{…}, partners:propose{…}, account:near("owner", k). Internal to vm/lua.
 *
 * A proposal is a userdata that owns its world and its picks; nothing is written but by its write. */
#ifndef LUA_OWNERS_H
#define LUA_OWNERS_H
#include "lua/figures.h"
#include "store/owners.h"

typedef struct Owners {
  OwnersWorld world;
  AssignPlan plan;
  OwnersAsk ask;
  Unit worth;             /* what value is in */
  size_t unknown[2];      /* accounts whose minutes, whose value is not known: they count as the mean of the others */
  bool written;
} Owners;
extern Class CLASS_OWNERS;

/* The spec at index `spec` about the set at index `among`, with the world read and solved (owners_ask.c). */
void owners_ask(lua_State *L, int among, int spec, Owners *out);
double owners_setting(lua_State *L, const char *name, double usual);
void owners_open(lua_State *L);
#endif
