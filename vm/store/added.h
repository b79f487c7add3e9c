/* Rows that came in great number, known by ranges of their ids: recorded with their count and a digest over all their
 * values, so that undo can tell whether they still are what was added without anybody having kept them. */
#ifndef STORE_ADDED_H
#define STORE_ADDED_H
#include "store/store.h"

/* Beside the digest stand marks of the rows, two bytes for each id from the first on, 0 where there is none: they are no
 * proof, but tell which rows it is when the digest says that some are not as they were. Order lines have none. */
enum { ADDED_DIGEST = 33, ADDED_ROWS = 1024 /* ids of a range, but of order lines */ };

/* The digest as it grows, for those who know the rows as they go in. A row's hash is the sum of its values' hashes. */
typedef struct AddedSum { int64_t n; uint64_t sum[2]; } AddedSum;
uint64_t added_seed(const char *column);
uint64_t added_int(int64_t v, uint64_t seed);    /* as stored: an INTEGER … */
uint64_t added_text(Str v, uint64_t seed);       /* … a TEXT; NULL has 0 */
uint64_t added_val(Val v, uint64_t seed);        /* any value as sql_raw has it */
void added_row(AddedSum *s, uint64_t row);
uint16_t added_mark(uint64_t row);
bool added_read(Str digest, uint64_t sum[2]);    /* a recorded digest; false when it is none */
/* Sums of rows where one is not as it was: is it the one with hash `row`? *was: the hash that it had. */
bool added_odd(const uint64_t want[2], const uint64_t found[2], uint64_t row, uint64_t *was);
/* Sums of rows of which one is too many: is it that one? */
bool added_extra(const uint64_t want[2], const uint64_t found[2], uint64_t row);
/* The whole number that a value with this hash is, if it is a small one. */
bool added_whole(uint64_t hash, uint64_t seed, int64_t *out);

/* Order of columns and of rows does not matter; null columns do not count, so that a column added later changes nothing. */
bool store_added_digest(Store *s, const char *table, int64_t first, int64_t last, int64_t *n, char out[ADDED_DIGEST], Err *e);
/* Records rows [first, last] of the table for the run, inside its transaction; an empty range leaves nothing. */
bool store_added_sum(Store *s, int64_t run, const char *table, int64_t first, int64_t last, const AddedSum *sum, Err *e);
bool store_added(Store *s, int64_t run, const char *table, int64_t first, int64_t last, Err *e);
/* Records all rows of the table as they are, so that what the log says of them from before no longer counts. That there
 * are none is noted when `always`, or when change or added know the table. */
bool store_added_all(Store *s, int64_t run, const char *table, bool always, Err *e);
#endif
