/* Which values a figure can take, as far as its definition says: classes(x, 5) is 1 to 5, a count is
 * whole and not below 0, the output of a table is one of what its rows give. Only what is certain is
 * said; a field that somebody fills may hold anything within its limits. */
#ifndef FEEL_FIGURE_H
#define FEEL_FIGURE_H
#include "feel/space.h"

enum { FIGURE_VALUES = 256 };

typedef struct Figure {
  bool finite;     /* one of val[0..n), or null */
  Val *val;        /* in the arena, no value twice */
  size_t n;
  Val low, high;   /* not finite: limits, null = none */
  bool whole;      /* no fractions */
  bool never_null;
} Figure;

Figure figure_of(const Op *op, Arena *a);
#endif
