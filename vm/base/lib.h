/* Shared libraries that few commands need: loaded when one of them runs, so that all the others start without
 * them. What is loaded stays until the process ends. */
#ifndef BASE_LIB_H
#define BASE_LIB_H
#include "base/err.h"

#include <stddef.h>

typedef struct LibName {
  const char *name; /* of a function or a variable */
  void *to;         /* the pointer that will point at it */
} LibName;

/* Fills every pointer, or fails with the name of what is missing: `package` is what Debian calls the library. */
bool lib_load(const char *soname, const char *package, const LibName *name, size_t n, Err *e);
#endif
