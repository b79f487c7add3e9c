/* SQL that a person types: reads, and nothing else. It sees the tables of the company as the rule language names them, not
 * the log, which keeps what was erased from them; personal columns that are not granted read as null, in every clause. */
#ifndef STORE_ASK_H
#define STORE_ASK_H
#include "store/store.h"

/* One SELECT; its columns to fn, val being NULL, then each row. A statement that writes, a second one behind it, a table of the log: ERR_FAIL says which. */
bool store_ask(Store *s, const char *sql, StoreRowFn fn, void *ctx, Err *e);
#endif
