/* Rows in memory as a table that statements read, import_row(c0, c1 …): INSERT … SELECT takes a third of the time of
 * binding the same rows. One import at a time on a connection. */
#ifndef STORE_IMPORT_TABLE_H
#define STORE_IMPORT_TABLE_H
#include "store/db.h"

enum { TABLE_COLUMNS = 64 };
typedef struct RowTable {
  size_t n;                                                /* rows, from 0 */
  Val (*cell)(const void *ctx, size_t row, size_t column); /* texts live until the statement is done */
  const void *ctx;
} RowTable;

bool table_open(Store *s, RowTable *t, Err *e); /* t is the rows that import_row has, until table_close */
void table_close(Store *s);
#endif
