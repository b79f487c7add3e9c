/* Personal values in the log. The log is chained and append-only, a person's right to be forgotten is neither: so the
 * log holds only a salted hash, and the value stands in table personal, whose rows may be erased. */
#ifndef RUN_PERSONAL_H
#define RUN_PERSONAL_H
#include "run/run.h"

/* Is this column of the table personal? */
bool personal_column(Str table, Str column);
/* "personal:HASH" for a value that is kept from now on, in the transaction at hand, for run (0: the one to come).
 * The same value in the same Store and transaction gets a new salt each time. */
bool personal_keep(Store *s, int64_t run, Val value, Arena *a, Val *token, Err *e);
/* j with tokens in place of personal values, for the run to come. It leans on j. */
bool personal_tokens(Store *s, const Journal *j, Journal *out, Err *e);
/* Puts the values back into a decoded journal. One that was erased is an error. */
bool personal_restore(Store *s, Journal *j, Err *e);
/* Erases what the log knows of one row's personal fields; *n values. */
bool personal_erase(Store *s, const char *table, int64_t row, int64_t *n, Err *e);
/* Values whose salted hash is no longer theirs: their hashes, one a line. */
bool personal_verify(Store *s, Buf *out, Err *e);
#endif
