/* What somebody did to tables and triggers past us, with the sqlite3 shell. Triggers hold the invariants and write under
 * the name of whichever run fires them: before anything is written they have to be ours, all of them and as we made them.
 * Columns are looked at when a statement misses one, so that opening costs nothing. */
#ifndef STORE_ALTERED_H
#define STORE_ALTERED_H
#include "store/db.h"
#include "store/health.h"

/* Inside the transaction that is to write, once for each change of the schema. False and an error that names the trigger
 * when one is another's, is missing, or was altered. */
bool altered_triggers(Store *s, Err *e);
bool altered_copied(Store *copy, Store *from, Err *e); /* the same of a copy just made, looked at where it came from */
/* A statement failed for want of a column: an error that names table and column when it was taken away; else false, and e
 * is as it was. */
bool altered_columns(Store *s, Err *e);
/* A sentence for each table, index, view and trigger that is not as in a new database. */
bool altered_faults(Store *s, StoreFaultFn fn, void *ctx, Err *e);
#endif
