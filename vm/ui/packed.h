/* Cells column by column as bytes, as a report is written for the pipe and the run's record. A long table may stay
 * in that form from where it is made to where it is printed: its cells would take twice the room, and be written and
 * read in an order that no memory likes. */
#ifndef UI_PACKED_H
#define UI_PACKED_H
#include "ui/table.h"

enum { PACKED_ROWS = 512 /* stand together in a column */, PACKED_LEAST = 20000 /* cells that make a table long */ };

/* The next rows of a column, at most PACKED_ROWS; fewer only at its end. */
void packed_put(Buf *column, const Val *v, size_t n);
/* The same of values that are all known and of one type and exponent, `like`: numbers, days, truth, doubles' bits. */
void packed_put_plain(Buf *column, Val like, const int64_t *v, size_t n);

/* Reads the rows of a packed table from row `from` on, a multiple of PACKED_ROWS. The table was checked when it was
 * decoded, or made here. */
typedef struct Unpack Unpack;
Unpack *unpack_open(const UiTable *t, size_t from);
/* The next rows, row by row; valid until the next call. 0: there are no more. */
size_t unpack_next(Unpack *u, const Val **cell);
void unpack_close(Unpack *u);
/* t with cells, which live in `a`; itself when it has them. */
UiTable packed_whole(const UiTable *t, Arena *a);
#endif
