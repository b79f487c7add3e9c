/* What reading histories takes: one entry for each window that was worked out. */
#ifndef STORE_EXPLAIN_H
#define STORE_EXPLAIN_H
#include "store/store.h"

typedef struct MeasureUse {
  const char *measure;
  Day from, to;
  int months;            /* read from columns */
  int edge_days;         /* of the window, read from rows … */
  int64_t edge_rows;     /* … that many */
  int built;             /* months that had to be built, from … */
  int64_t built_rows;
  double seconds;
  bool shared;           /* came with the entry before it, for nothing */
} MeasureUse;
typedef struct MeasureLog {
  MeasureUse *use;
  size_t n, cap;
  Arena arena;
} MeasureLog;

void store_explain(Store *s, MeasureLog *log); /* from now on; NULL ends it. The log outlives that */
void measure_log_free(MeasureLog *log);

/* Inside the store. */
void explain_note(Store *s, const char *measure, Day from, Day to, const MeasureUse *use); /* NULL: shared */
double explain_clock(void);
#endif
