/* The order of many numbers in time that grows with their number alone. */
#ifndef FEEL_RADIX_H
#define FEEL_RADIX_H
#include "feel/plain.h"

/* Puts at[0 .. n), which are positions of x, into ascending (or descending) order of x[at[i]]; equal ones stay as
 * they are. False, and nothing has moved, where they are no decimals that fit 64 bits with as many places as any of them has. */
bool radix_order(const Val *x, bool descending, uint32_t *at, size_t n);
/* The same of a plain column, no null among at[0 .. n); `never` is above everything. False: it is of doubles. */
bool radix_plain(const PlainVec *x, bool descending, uint32_t *at, size_t n);
#endif
