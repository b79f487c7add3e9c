/* Decision tables that are policies looked at as such: limits that shrink as the level rises, edges at which a little more
 * earns much less, levels that no row comes to, bands (target, normal, floor) out of order. Notes, read off the tests as they
 * are written: `<` and `<=` against a literal are limits, the other cells tell which rows are about the same cases. */
#ifndef FEEL_POLICY_H
#define FEEL_POLICY_H
#include "feel/analyse.h"

/* How much of the list price a row lets go at most: the limit on a share in a row that gives a level of authority, or what it
 * gives as `discount`, or the deepest of its band (floor). `cell`: what its other columns ask for, as written. */
typedef struct PolicyDepth {
  Finding at;          /* file, line, row */
  double part;         /* 0.18 */
  const char *says;    /* "18%" */
  const Str *cell;
  size_t ncell;
} PolicyDepth;
size_t table_depths(const TableInfo *info, Arena *a, const PolicyDepth **out);

/* Findings and their texts live in the arena. A table without a ranked output and without bands has none. */
size_t table_policy(const TableInfo *info, Arena *a, const Finding **out);
#endif
