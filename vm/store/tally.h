/* Figures per account over one window of time, accumulated row by row. */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H
#include "store/view.h"

typedef enum TallyKind {
  TALLY_SUM,   /* value: the sum; rows: not 0 where there is one. Rows may come in any order */
  TALLY_MIN,
  TALLY_MAX,
  TALLY_FIRST, /* value of the first row; rows must come by day */
  TALLY_LAST,
  TALLY_COUNT, /* rows, or orders */
  TALLY_DAYS,  /* rows: days that have a row; rows must come by day */
  TALLY_RANGE, /* first and last day only */
  TALLY_LATEST /* last day only */
} TallyKind;

typedef struct Tally {
  Val value;             /* big numbers live in the arena given */
  uint32_t rows;         /* 0: there was none */
  Day first, last;
  bool unknown;          /* a null among the values */
} Tally;

void tally_add(Tally *t, TallyKind kind, Val v, Day day, Arena *a);
/* What the aggregate gives; `flow`: 0 where there is no row. */
Val tally_value(const Tally *t, Agg agg, bool flow, int minor);

/* A set of (account, order number): how many distinct orders? Numbers are compared in full. */
typedef struct OrderSet {
  struct OrderKey { uint32_t account, n; const char *p; uint64_t hash; } *slot;
  size_t slots, used;
  uint32_t last_account; /* lines of one order come together: the last key asked about */
  Buf last;
  Arena arena;
} OrderSet;
bool orderset_add(OrderSet *set, uint32_t account, Str order_no); /* true: it is new */
void orderset_clear(OrderSet *set);
#endif
