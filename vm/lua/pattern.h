/* Lua's patterns, matched under the limits of a script: they mean what they mean in Lua, but one
 * that backtracks without end meets the deadline like any other loop.
 *
 * A pattern is compiled into parts first: sets of bytes with their repetition, captures, %b, %f.
 * Letters, digits … are those of ASCII, whatever the locale. */
#ifndef LUA_PATTERN_H
#define LUA_PATTERN_H
#include "lua/engine.h"

enum { PATTERN_CAPTURES = 32 };

typedef struct Pattern Pattern;

typedef struct PatternMatch {
  lua_State *L;
  const Pattern *p;
  Str text;
  const char *from, *to; /* of the whole match */
  int level;             /* captures begun */
  struct {
    const char *at;
    ptrdiff_t len;       /* or PATTERN_OPEN, PATTERN_PLACE */
  } capture[PATTERN_CAPTURES];
  int depth;
  unsigned steps;
} PatternMatch;
enum { PATTERN_OPEN = -1, PATTERN_PLACE = -2 };

/* Compiles text[0, n) and leaves the pattern on the stack; raises what is wrong with it. */
const Pattern *pattern_compile(lua_State *L, Str text);
/* Does the pattern match at `from`? Fills in m->to and the captures. */
bool pattern_match(PatternMatch *m, const char *from) __attribute__((nonnull));

#endif
