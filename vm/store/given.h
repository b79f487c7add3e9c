/* Rows of the host's own, in memory, as a table that one statement reads: INSERT INTO change(…) SELECT c0, c1 … FROM given.
 * One statement for all of them costs half of one for each. Internal to the store but for run's record of changes. */
#ifndef STORE_GIVEN_H
#define STORE_GIVEN_H
#include "store/store.h"

/* A cell, asked for row by row in their order; its text lives until the next row is asked for. */
typedef Val (*StoreCellFn)(void *ctx, size_t row, size_t column);
/* As store_exec; n rows of `given`, whose columns are c0, c1 … c63. */
bool store_exec_given(Store *s, const char *sql, const Val *bind, size_t nbind, size_t n, StoreCellFn cell, void *ctx, Err *e);
#endif
