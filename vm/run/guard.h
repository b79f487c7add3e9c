/* Guards: how much one run may change, held after the playbook and before anything is planned. */
#ifndef RUN_GUARD_H
#define RUN_GUARD_H
#include "run/run.h"

/* Rows changed, net; history, published values and the names of segments are not counted. */
size_t guard_count(const Journal *j);
/* max_changes over all rows; max_percent of an entity's rows, for each field and for rows deleted. j is compacted. */
bool guard_check(Store *s, const RunSpec *spec, const Journal *j, Err *e);
#endif
