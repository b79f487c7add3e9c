/* What a journal changes, in words. */
#ifndef RUN_DIFFERENCE_H
#define RUN_DIFFERENCE_H
#include "run/run.h"

/* Counts for each field, transitions, samples old → new with their reason from the decisions
 * (decided.h), segments, new rows. `samples` of each. */
void difference_print(Store *s, const Journal *j, Str decided, size_t samples, Buf *out);
/* One line for history: "1,204 account.profit_type, 341 segment valid-key". Empty when nothing changes. */
void difference_line(Store *s, const Journal *j, Buf *out);
#endif
