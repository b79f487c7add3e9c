/* What `run = function(book)` is given: its scope, its args, its report. */
#ifndef LUA_BOOK_H
#define LUA_BOOK_H
#include "lua/engine.h"

void book_open(lua_State *L);               /* also the globals print, metric, as_of */
void book_push(lua_State *L, const char *title);
#endif
