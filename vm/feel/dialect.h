/* In what the two dialects of the rule language differ, and the functions of the standard one, for help. */
#ifndef FEEL_DIALECT_H
#define FEEL_DIALECT_H
#include "base/str.h"

typedef struct DialectDifference {
  const char *what, *rules, *standard;
} DialectDifference;
const DialectDifference *dialect_differences(size_t *n);

/* The i-th way to call a built-in function of the standard dialect is appended to *usage: "substring(string,
 * start position, length?)". NULL behind the last; else what it is about. */
const char *dialect_function(size_t i, Buf *usage);
#endif
