/* Decision tables that are policies looked at as such: limits that shrink as the level rises, edges at which a little more
 * earns much less, levels that no row comes to, bands (target, normal, floor) out of order. Notes, read off the tests as they
 * are written: `<` and `<=` against a literal are limits, the other cells tell which rows are about the same cases. */
#ifndef FEEL_POLICY_H
#define FEEL_POLICY_H
#include "feel/analyse.h"

/* Findings and their texts live in the arena. A table without a ranked output and without bands has none. */
size_t table_policy(const TableInfo *info, Arena *a, const Finding **out);
#endif
