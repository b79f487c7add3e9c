/* import --must: a rule over what an import would do, held before it is written. */
#ifndef VERB_MUST_H
#define VERB_MUST_H
#include "store/import.h"

/* `rule` over rows, added, changed, unchanged, rejected. False and an error when it does not hold. */
bool must_hold(Store *s, Day asof, const char *rule, const ImportCounts *n, Err *e);
#endif
