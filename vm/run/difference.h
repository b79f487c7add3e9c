/* What a journal changes, in words. */
#ifndef RUN_DIFFERENCE_H
#define RUN_DIFFERENCE_H
#include "run/run.h"

/* Counts for each field, transitions, segments, new rows, and so many samples of each, old → new with
 * their reason: from the decisions of a plan (decided.h), or from those logged with `run` (0 = none). */
void difference_print(Store *s, const Journal *j, Str decided, int64_t run, size_t samples, Buf *out);
/* One line for history: "1,204 account.profit_type, 341 segment valid-key". Empty when nothing changes. */
void difference_line(Store *s, const Journal *j, Buf *out);
/* One item of it: so many rows new or removed, or changes of a column. */
void difference_item(size_t n, ChangeOp op, Str entity, Str column, Buf *line);
#endif
