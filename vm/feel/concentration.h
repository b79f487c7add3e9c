/* How concentrated a whole is: one figure for a crowd. */
#ifndef FEEL_CONCENTRATION_H
#define FEEL_CONCENTRATION_H
#include "base/val.h"
#include "feel/op.h"

/* x[0..n) are numbers, highest first; p is the share asked for (top_share, carriers).
 *   SET_GINI      Gini coefficient, sum of (2i - n - 1) x_i over n × sum, x ascending; 0 equal … 1 - 1/n
 *   SET_HHI       Herfindahl-Hirschman index, the sum of squared shares; 1/n … 1
 *   SET_TOP_SHARE part of the sum held by the first n × p members, rounded to the nearest whole member
 *   SET_CARRIERS  how many members, from the highest, it takes to reach the part p of the sum
 * Null when the sum is not positive, for the first two also when any value is negative. */
Val concentration(SetFn fn, const Val *x, size_t n, Val p, Arena *a);
#endif
