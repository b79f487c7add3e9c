/* What a script can reach: an allow-list. No io, os, debug, package, load; no
 * bytecode; library tables cannot be changed; an unknown global is an error with
 * a suggestion. Everything is deterministic: pairs and next follow a defined
 * order, tostring prints no address, math.random starts from the run's seed. */
#ifndef LUA_SANDBOX_H
#define LUA_SANDBOX_H
#include "lua/engine.h"

/* Makes the environment of scripts the global one of the state. Call inside engine_do. */
void sandbox_open(lua_State *L);
/* Adds a global that scripts cannot replace: takes the value on top of the stack. */
void sandbox_global(lua_State *L, const char *name);
/* A function that answers unknown globals before they are errors: called with the name, returns a
 * value or nil. Takes it from the stack. (The bare words of entities, _7 at the prompt.) */
void sandbox_lookup(lua_State *L);
/* A name that the lookup knows, for suggestions. */
void sandbox_word(lua_State *L, const char *name);
/* The names of all globals, for suggestions: an array on the stack and its length. */
size_t sandbox_names(lua_State *L, const Str **name);

/* Parts. Each pushes one table of functions. */
void guard_open(lua_State *L);   /* pcall xpcall setmetatable … */
void guard_coroutine(lua_State *L);
void order_open(lua_State *L);   /* pairs next */
void order_table(lua_State *L);  /* table.* */
void text_open(lua_State *L);    /* string.*, and protects the metatable of strings */
int text_tostring(lua_State *L); /* tostring without addresses */
#endif
