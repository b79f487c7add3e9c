/* Inside the store: one figure of a measure for every account over a window. Whole months come from columns, the
 * days at its edges from rows. scan.c keeps what was asked for, window.c works it out. */
#ifndef STORE_WINDOW_H
#define STORE_WINDOW_H
#include "store/month.h"

typedef struct Scan {
  struct Scan *next;     /* most recent first */
  const Measure *m;
  TallyKind kind;
  Day from, to;
  size_t n;
  Tally *tally;          /* by the account's place in the map */
  Arena arena;           /* big sums */
} Scan;

Scan *scan_new(size_t accounts, const Measure *m, TallyKind kind, Day from, Day to);
void scan_free(Scan *s);

/* scan[0 .. n) are of the same window. Either one, or sums of revenue, cost and profit, which one reading of the
 * rows gives together. */
bool window_fill(Months *m, Scan *const *scan, size_t n, Err *e);
/* Some of its days have to be read from rows of order lines. */
bool window_has_edges(Months *m, const Measure *of, Day from, Day to, bool *edges, Err *e);

/* scan.c: histories of a Store as long as its data stays as it is. */
typedef struct Known Known;
Known *known_of(Store *s, Err *e);
Months *known_months(Known *k);
#endif
