/* string.find, match, gmatch and gsub as scripts have them: Lua's own meaning, under the limits. */
#ifndef LUA_SEARCH_H
#define LUA_SEARCH_H
#include <lua.h>

void search_open(lua_State *L); /* into the table on top of the stack */
#endif
