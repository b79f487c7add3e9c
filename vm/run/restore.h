/* What fields were before later runs changed them, from the log: to put back a part of what a run did. */
#ifndef RUN_RESTORE_H
#define RUN_RESTORE_H
#include "store/catalog.h"

/* For each of the rows, id[0..n): did a run after `run` change the field, and what was it when `run` was done, as stored
 * (money in minor units, a relation as the number of its row). A run that is not there is an error; 0: before all runs. */
bool run_value_after(Store *s, const CatEntity *ent, Str field, int64_t run, const int64_t *id, size_t n, Arena *a, Val *out,
                     bool *changed, Err *e);
#endif
