/* Does every row stand as the runs left it? What a run changed is in table change (in the run's journal, for the record
 * beside the data), what an import brought in ranges of ids with a digest (store/added.h). Rows are read once, in order of
 * id, beside the log; nothing grows with their number. A fault names the table, the row and the run; personal values are
 * masked. A run that takes note of the rows as they are (a checkpoint, `verify --adopt`) is where looking begins. */
#ifndef RUN_ORIGIN_H
#define RUN_ORIGIN_H
#include "store/health.h"

/* SQL on a row of run: took it note of the rows as they were? A playbook may have the same name. */
#define RUN_TAKES_NOTE(r) r ".what IN ('prune', 'adopt') AND " r ".script_hash IS NULL"

typedef struct OriginCount {
  int64_t counted; /* ranges of rows that can only be counted, since values that they had were erased */
} OriginCount;

bool origin_verify(Store *s, StoreFaultFn fn, void *ctx, OriginCount *out, Err *e);
/* The range of ids by which the row is known, if it came in one: *last < *first when it did not, or when rows of the range
 * are not as they should be, so that nobody takes note of them anew. */
bool origin_range(Store *s, const char *table, int64_t row, int64_t *first, int64_t *last, Err *e);
/* Takes note of the rows as they are, for a run inside its transaction that says so by its name. */
bool origin_note(Store *s, int64_t run, Err *e);
/* A run that does only that: "adopt". *run_id is 0 when nothing had to be noted. */
bool origin_adopt(Store *s, Day asof, int64_t *run_id, int64_t *faults, Err *e);
#endif
