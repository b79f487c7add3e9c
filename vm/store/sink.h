/* Inside the store: all rows of a table, each handed to a function from within one step of SQLite. A statement that is
 * stepped through costs about as much again for every row as reading it does. */
#ifndef STORE_SINK_H
#define STORE_SINK_H
#include "store/db.h"

/* The values are of the row at hand and go with it. False, with e set, ends the scan. */
typedef bool (*SinkFn)(void *ctx, sqlite3_value **value, Err *e);

/* `columns`: names of columns of `table`, with commas between, 1 to 100 of them; in the order SQLite goes through the
 * table. fn must not begin another. */
bool sink_scan(Store *s, const char *columns, const char *table, SinkFn fn, void *ctx, Err *e);
#endif
