/* import --must: a rule over what an import would do, held before it is written. */
#ifndef VERB_MUST_H
#define VERB_MUST_H
#include "feel/rules.h"
#include "store/import.h"

/* Names that rules of the next imports know besides: the args of a chain. NULL: none any more. */
void must_know(const Rules *args);
/* `rule` over rows, added, changed, unchanged, rejected. False and an error when it does not hold. */
bool must_hold(Store *s, Day asof, const char *rule, const ImportCounts *n, Err *e);
#endif
