#include "lua/script.h"

#include "lua/book.h"
#include "lua/card.h"
#include "lua/found.h"
#include "lua/owners.h"
#include "lua/quantity.h"
#include "lua/rule.h"
#include "lua/sandbox.h"
#include "lua/show.h"
#include "lua/stdlib.h"
#include "lua/tree.h"
#include "lua/visits.h"

/* playbook { … } and its like give back what they are given: the header was read and checked before. */
static int itself(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  return 1;
}

static int open_environment(lua_State *L) {
  sandbox_open(L);
  quantity_open(L);
  rule_open(L);
  set_open(L);
  verb_open(L);
  card_open(L);
  figures_open(L);
  group_open(L);
  found_open(L);
  tree_open(L);
  show_open(L);
  decide_open(L);
  write_open(L);
  visits_open(L);
  owners_open(L);
  acting_open(L);
  reads_open(L);
  if (engine(L)->prompt) sql_open(L);
  book_open(L);
  stdlib_open(L);
  lua_pushcfunction(L, itself);
  sandbox_global(L, "playbook");
  return 0;
}

bool script_open(Engine *h, Err *e) {
  h->steps = -1;
  return engine_open(h, SCRIPT_MEMORY, e) && engine_do(h, open_environment, NULL, e);
}
