/* The monthly columns as a whole: made anew, or compared with the rows they were made from. */
#ifndef STORE_COLUMNS_H
#define STORE_COLUMNS_H
#include "store/store.h"

/* Inside a transaction that writes: every month of every measure from its rows, minima, maxima, first and last
 * values too. *months: how many. */
bool store_columns_rebuild(Store *s, int64_t *months, Err *e);
/* Every month that the file says is up to date, built again and compared byte by byte; differ is called for each that
 * is not so, with the table its rows are in and yyyymm (0: the list of orders that reach over months). */
typedef bool (*ColumnsDiffer)(void *ctx, const char *table, int yyyymm, Err *e);
bool store_columns_verify(Store *s, ColumnsDiffer differ, void *ctx, int64_t *months, Err *e);
#endif
