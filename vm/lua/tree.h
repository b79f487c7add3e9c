/* set:tree(), row:tree(): an organisation, a group of companies, as a table whose first column is drawn. Raises. */
#ifndef LUA_TREE_H
#define LUA_TREE_H
#include "lua/figures.h"

void tree_open(lua_State *L);
#endif
