/* A decision table compiled: each input column maps a value to its part (parts.h) by a look-up, each part
 * has the set of rows that hold for it and of those that may, and the rows of a case are what the sets of
 * its parts have in common. What it says is what going through the cells says, cell by cell. */
#ifndef FEEL_DECIDER_H
#define FEEL_DECIDER_H
#include "feel/frame.h"

typedef struct Decider Decider;

/* With args and day as they are now. NULL: the table has cells that do more than test their column's
 * value, or a column of lists or rows. */
Decider *decider_new(Eval *ev, const Table *t, Day asof);
void decider_free(Decider *d);

/* The rows of n cases (in[k]: the column of input k), as sets of bits by place among the plain rows:
 * `words` a case. False: a value is of a kind that the table was not compiled for. */
size_t decider_words(const Decider *d);
bool decider_sets(const Decider *d, const Vec *in, size_t n, uint64_t *hit, uint64_t *maybe);
/* The grid row of a place. */
size_t decider_row(const Decider *d, size_t place);
#endif
