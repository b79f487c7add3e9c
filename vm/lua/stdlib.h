/* The domain library, compiled into the binary (or read from $PARETO_STDLIB, for those who work on it): Lua, each file
 * a chunk called with one argument, what the host lends it; and rulebooks, which playbooks find by name. */
#ifndef LUA_STDLIB_H
#define LUA_STDLIB_H
#include "base/str.h"

typedef struct StdlibFile {
  const char *name; /* "concentration" */
  const char *text;
  size_t size;
  int rulebook;
} StdlibFile;
extern const StdlibFile stdlib_files[]; /* ends with a NULL name; generated from the folder stdlib */

/* The rulebook with this name, or NULL. */
const StdlibFile *stdlib_rulebook(Str name);

struct lua_State;
void stdlib_open(struct lua_State *L);
#endif
