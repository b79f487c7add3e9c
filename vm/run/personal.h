/* Personal values in the log. The log is chained and append-only, a person's right to be forgotten is neither: so the
 * log holds only a salted hash, and the value stands in table personal, whose rows may be erased. */
#ifndef RUN_PERSONAL_H
#define RUN_PERSONAL_H
#include "run/run.h"

/* Is this column of the table personal? What is sent may be to or about people, so the outbox's are. */
bool personal_column(Str table, Str column);
/* "personal:HASH" for a value that is kept from now on, in the transaction at hand, for run (0: the one to come).
 * The same value in the same Store and transaction gets a new salt each time. */
bool personal_keep(Store *s, int64_t run, Val value, Arena *a, Val *token, Err *e);
/* What stands behind a stored value: for a token the value kept, else the value itself. *erased: it is gone, *out null. */
bool personal_value(Store *s, Val stored, Arena *a, Val *out, bool *erased, Err *e);
/* The same in SQL; null when it was erased. `column` is an expression of text. */
#define PERSONAL_TEXT(column)                                                                                 \
  "iif(substr(" column ", 1, 9) = 'personal:', (SELECT value FROM personal WHERE hash = substr(" column ", 10)), " column ")"

/* j with tokens in place of personal values, for the run to come. It leans on j. */
bool personal_tokens(Store *s, const Journal *j, Journal *out, Err *e);
/* Puts the values back into a decoded journal. One that was erased is an error. */
bool personal_restore(Store *s, Journal *j, Err *e);
/* Erases what the log knows of one row's personal fields; *n values. And of them or of `live[0..nlive)`, its values of
 * today, wherever they are part of something kept: a report, a decision, a message; *texts of these. */
bool personal_erase(Store *s, const char *table, int64_t row, const Val *live, size_t nlive, int64_t *n, int64_t *texts,
                    Err *e);
/* Values whose salted hash is no longer theirs: their hashes, one a line. */
bool personal_verify(Store *s, Buf *out, Err *e);
#endif
