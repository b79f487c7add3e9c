/* What scripts and sessions can call, as one table: `?name`, `pareto help NAME`, `pareto api` and the tests that run every
 * example are made from it. Functions of rules have theirs in feel/func.h. */
#ifndef LUA_API_H
#define LUA_API_H
#include "base/str.h"

typedef struct Api {
  const char *of;       /* "set", "row", "segment", "book", "table", "session"; "" = a global */
  const char *name;
  const char *usage;    /* signature: set:where(rule [, values]) -> set */
  const char *about;    /* meaning, units, what is refused */
  const char *example;  /* a line of a session on the sample company; NULL where only a playbook can (book, put) */
} Api;
const Api *api_list(size_t *n);
#endif
