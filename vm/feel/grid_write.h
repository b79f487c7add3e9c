/* A decision table as CSV that a spreadsheet opens and rules_table_csv reads back as the same table: hit policy
 * in the first cell, out: and note: before the headings of outputs, cells as written. It begins with the mark
 * (BOM) by which Excel knows UTF-8. */
#ifndef FEEL_GRID_WRITE_H
#define FEEL_GRID_WRITE_H
#include "feel/rules.h"

void table_write_csv(const TableInfo *table, Buf *out);
#endif
