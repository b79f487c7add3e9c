/* The seal of a delivery: a row that somebody wrote into the table has none, or one that does not fit. What was delivered
 * before there were seals has an empty one. */
#ifndef RUN_SEAL_H
#define RUN_SEAL_H
#include "store/store.h"

/* of: outbox, at, state, detail, in the transaction that is to write them. *out points to `text`. */
bool seal_make(Store *s, const Val of[4], Val *out, char text[65], Err *e);
/* Does the row of this id have the one that it should? */
bool seal_holds(Store *s, int64_t id, bool *yes, Err *e);
#endif
