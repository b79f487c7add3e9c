/* Rows in memory as a table that statements read, import_row(c0, c1 …): INSERT … SELECT takes a third of the time of
 * binding the same rows. One of a name at a time on a connection. */
#ifndef STORE_IMPORT_TABLE_H
#define STORE_IMPORT_TABLE_H
#include "store/db.h"

enum { TABLE_COLUMNS = 64 };
typedef struct RowTable {
  size_t n;                                                /* rows, from 0 */
  Val (*cell)(const void *ctx, size_t row, size_t column); /* texts live until the statement is done */
  const void *ctx;
} RowTable;

/* t is the rows that the table of this name has, until table_close. */
bool table_open(Store *s, const char *name, RowTable *t, Err *e);
void table_close(Store *s, const char *name);
#endif
