/* Changes of a journal that follow each other and update the same columns of rows that lie together, as one statement:
 * a third of the work of one for each. Internal to applying. */
#ifndef STORE_APPLY_RANGE_H
#define STORE_APPLY_RANGE_H
#include "store/db.h"

/* How many changes from the first on go together, of at most n; 0 when that is not worth a statement. */
size_t range_length(const Change *c, size_t n);
/* Updates those rows that still are what their change says, and marks them in done[0..n). When the statement fails as a
 * whole none is marked: the rest is written one by one by the caller, who then learns why. */
void range_update(Store *s, const Change *c, size_t n, bool *done);
/* Do two changes concern the same columns of one table? */
bool range_alike(const Change *x, const Change *y);
#endif
