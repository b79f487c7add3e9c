/* Rows whose cells are all in the forms that nearly all cells have (123.45, -7, 2026-01-31, a known code, plain text): made
 * without the general way, to the same values. Anything else, a fault too, is left to it. */
#ifndef STORE_IMPORT_QUICK_H
#define STORE_IMPORT_QUICK_H
#include "store/import_rows.h"

typedef enum QuickKind { QUICK_REF, QUICK_DAY, QUICK_TEXT, QUICK_MONEY, QUICK_WHOLE } QuickKind;
typedef struct QuickColumn {
  QuickKind kind;
  uint32_t at;      /* field of the record */
  uint32_t target;
  bool required;
} QuickColumn;

/* May the rows of this import be made so? To be asked once its columns are bound; the columns go into the arena. */
bool quick_open(Import *im);
/* The values of one row, and b->before of those that are looked up. `again`: val[-ntarget] are those of the row before.
 * False: nothing is decided, and val is to be made anew. */
bool quick_row(const Import *im, RowBatch *b, size_t row, bool again, Val *val);
#endif
