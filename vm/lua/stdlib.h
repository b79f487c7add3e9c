/* The domain library in Lua, compiled into the binary (or read from $PARETO_STDLIB, for those who
 * work on it). Each file is a chunk called with one argument: what the host lends it. */
#ifndef LUA_STDLIB_H
#define LUA_STDLIB_H
#include <stddef.h>

typedef struct StdlibFile {
  const char *name; /* "concentration" */
  const char *text;
  size_t size;
} StdlibFile;
extern const StdlibFile stdlib_files[]; /* ends with a NULL name; generated from the folder stdlib */

struct lua_State;
void stdlib_open(struct lua_State *L);
#endif
