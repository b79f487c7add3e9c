/* Commands of the floor above as functions of a session: inside vm/lua, see session_commands. */
#ifndef LUA_SESSION_CALL_H
#define LUA_SESSION_CALL_H
#include "lua/engine.h"
#include "lua/session.h"

typedef struct Calls {
  SessionCommand fn;
  void *ctx;
} Calls;
/* Globals of these names, NULL-terminated; *calls stays where it is as long as the state lives. */
void calls_open(lua_State *L, const char *const *name, const Calls *calls);
#endif
