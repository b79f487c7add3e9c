/* One link of the chain: a run and its rows in the log as bytes and as hashes. Internal to the chain. */
#ifndef RUN_LINK_H
#define RUN_LINK_H
#include "store/store.h"

enum { LINK_RUN, LINK_CHANGE, LINK_DECISION, LINK_ADDED, LINK_OUTBOX, LINK_SECTIONS };

typedef struct Link {
  char hash[65];
  Buf rows;      /* for each section: first id, number of rows (8 bytes each), then 8 bytes a row */
  size_t n;      /* rows */
} Link;
/* Rows of one section, hashed as they are written, so that they need not be read again. */
typedef struct LinkRows {
  bool known;    /* first is what their ids begin with, one after the other */
  int64_t first;
  size_t n;
  Buf sum;       /* of each, one after the other */
  Buf bytes;     /* scratch */
} LinkRows;
void link_row(LinkRows *rows, const Val *val, int ncol); /* the columns that a link holds, as they are stored */
void link_rows_free(LinkRows *rows);

/* changes: those of the run, when they are known; otherwise NULL, or not `known`, and they are read. */
bool link_make(Store *s, int64_t run, Str prev, const LinkRows *changes, Link *out, Err *e);
void link_free(Link *l);
/* Says which rows two links of the same run differ in: "decision 17 was altered", at most `most` lines, each after
 * `head`. Returns how many rows. 0: their rows agree. */
size_t link_compare(Str kept, Str found, const char *head, size_t most, Buf *out);
#endif
