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
  Tally *tally;          /* by the account's place in the map; NULL while one of the two below says it all: */
  uint32_t *rows;        /* COUNT */
  int64_t *sum;          /* SUM of figures that are known, of one exponent, and fit */
  Day *first, *last;     /* RANGE */
  uint8_t *some;         /* SUM, RANGE: there is a row */
  int e;
  bool any;              /* e is known */
  Arena arena;           /* big sums */
} Scan;

/* What it says of an account; of IDMAP_NONE nothing. */
static inline Tally scan_at(const Scan *s, uint32_t at) {
  Tally t = {0};
  if (at == IDMAP_NONE) return t;
  if (s->tally) return s->tally[at];
  if (s->rows) {
    t.rows = s->rows[at];
  } else if (s->some[at]) {
    t.rows = 1;
    if (s->sum) t.value = val_dec(s->sum[at], s->e);
    else t.first = s->first[at], t.last = s->last[at];
  }
  return t;
}
void scan_add(Scan *s, uint32_t at, Val v, Day day); /* one row, or what columns say of several */
/* The same of a sum. */
static inline void scan_sum(Scan *s, uint32_t at, int64_t minor, int e) {
  int64_t sum;
  if (!s->tally && s->any && s->e == e && !__builtin_add_overflow(s->sum[at], minor, &sum)) {
    s->sum[at] = sum;
    s->some[at] = 1;
  } else {
    scan_add(s, at, val_dec(minor, e), 0);
  }
}
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
