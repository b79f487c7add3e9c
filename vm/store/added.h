/* Rows that came in great number, known by ranges of their ids: recorded with their count and a digest over all their
 * values, so that undo can tell whether they still are what was added without anybody having kept them. */
#ifndef STORE_ADDED_H
#define STORE_ADDED_H
#include "store/store.h"

enum { ADDED_DIGEST = 33 };
/* Order of columns and of rows does not matter; null columns do not count, so that a column added later changes nothing. */
bool store_added_digest(Store *s, const char *table, int64_t first, int64_t last, int64_t *n, char out[ADDED_DIGEST], Err *e);
/* Records rows [first, last] of the table for the run, inside its transaction; an empty range leaves nothing. */
bool store_added(Store *s, int64_t run, const char *table, int64_t first, int64_t last, Err *e);
#endif
