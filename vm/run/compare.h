/* Two sets of changes side by side: a plan and what it would be today, or two runs. */
#ifndef RUN_COMPARE_H
#define RUN_COMPARE_H
#include "run/run.h"

typedef struct Compared {
  size_t was, now;            /* rows changed by each, records beside the data left out */
  size_t added, gone, differ; /* only now; only then; both, but otherwise */
} Compared;

/* Both compacted. */
Compared compare_count(Store *s, const Journal *was, const Journal *now);
/* Counts and at most so many rows: "C0042 tier: P1 planned, P3 today". `then` and `today` are these two words. */
void compare_print(Store *s, const Journal *was, const Journal *now, const char *then, const char *today,
                   size_t samples, Buf *out);
/* The same in a line: "1,204 changes planned, 1,219 today (+21, -6; C0042: P1 planned, P3 today)". */
void compare_line(Store *s, const Journal *was, const Journal *now, const char *then, const char *today, Buf *out);
#endif
