/* Prepared rows into the database, inside a transaction: new ones many a statement,
 * known ones compared and, where they differ, updated. */
#ifndef STORE_IMPORT_WRITE_H
#define STORE_IMPORT_WRITE_H
#include "store/import_pages.h"
#include "store/import_rows.h"
#include "store/import_table.h"
#include "store/month_feed.h"

typedef struct DayCount { int64_t day, first, next; AddedSum sum; } DayCount;

typedef struct RowWas { /* a known row before it is changed */
  int64_t id;           /* … before and, where an order line moves, */
  int64_t now;          /* … after */
  size_t n;
  Str *col;
  Val *val;
} RowWas;

typedef struct Writer {
  Import *im;
  size_t *plain, nplain;     /* targets that are columns of INSERT and UPDATE; the others have a history */
  RowTable table;            /* rows of one INSERT */
  char *insert_many, *insert_one, *select, *update;
  int64_t next;              /* id of the next new row */
  bool wide;                 /* SQLite's cache was made larger */
  int64_t last;              /* orders: the greatest id there is; -1 = not known any more */
  DayCount *count;           /* orders: the next id of each day, open addressing */
  size_t ncount, mask;
  DayCount *of_day;          /* of the row added last */
  uint64_t id_seed;
  Pages *pages;              /* orders: while lines can go in as pages */
  Feed *feed;                /* orders: their monthly columns … */
  int fed[2 + FACT_FIGURES]; /* … from the targets of account, order_no and figures; -1 = none */
  struct Assign { int64_t *id; Val *val; size_t n, cap; } *assign; /* of each target, for this batch */
  RowWas *was;               /* rows this batch changes, when somebody asks */
  size_t nwas, capwas;
  int64_t first, history;    /* the next ids of rows and of history at the beginning */
  Arena arena;
} Writer;

bool writer_open(Writer *w, Import *im, Err *e);
/* im->keys get the ids of the rows that have them already; not needed when the key is the entity's own. */
bool writer_find_keys(Writer *w, Err *e);
/* Writes a batch; rows that the database itself refuses become rejects. Counts in im->count. */
bool writer_batch(Writer *w, RowBatch *b, Err *e);
bool writer_end(Writer *w, Err *e); /* all batches are written */
void writer_close(Writer *w);

/* import_log.c: what undo needs. The row as it is, before it is changed; all of a batch told to spec.changed once it is
 * written; the ids that new rows got. */
bool writer_was(Writer *w, RowBatch *b, int64_t id, Err *e);
bool writer_told(Writer *w, RowBatch *b, Err *e);
bool writer_ranges(Writer *w, Err *e);
#endif
