/* Two plans of one playbook over the same data that were given other args, tables or rulebooks: which
 * decisions differ, from what to what, and how many members segments would have. Nothing is written. */
#ifndef RUN_WHATIF_H
#define RUN_WHATIF_H
#include "run/run.h"

typedef struct WhatIfChange {
  size_t table;     /* index into WhatIf.table */
  Str column;
  int64_t id;       /* the row */
  Val was, now;     /* text, number, true or false, date; null = undecided */
} WhatIfChange;

typedef struct WhatIfTable {
  Str name, entity;
  size_t cases;     /* decided by both */
  size_t changed;   /* … of which some column says something else */
  size_t gone, come; /* decided by the first or the second alone: the scope is another */
} WhatIfTable;

typedef struct WhatIfSegment {
  Str name;
  int64_t was, now; /* members on the plans' day */
  const int64_t *joined, *left; /* accounts that the second has and the first has not, and the other way round; ascending */
  size_t njoined, nleft;
} WhatIfSegment;

typedef struct WhatIf {
  WhatIfTable *table;       /* in the order in which they were decided */
  size_t ntable;
  WhatIfChange *change;     /* by table, row, column */
  size_t nchange;
  WhatIfSegment *segment;   /* those that either plan changes, by name */
  size_t nsegment;
} WhatIf;

/* Only columns that decide are compared: the first output of a table and those that are fields of its
 * rows; words that explain differ with every figure they quote. Arrays and texts live in a. */
bool whatif_compare(Store *s, const Plan *was, const Plan *now, Arena *a, WhatIf *out, Err *e);
#endif
