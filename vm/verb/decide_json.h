/* JSON as values: objects are contexts, arrays lists, numbers decimals with all their digits. */
#ifndef VERB_DECIDE_JSON_H
#define VERB_DECIDE_JSON_H
#include "base/err.h"
#include "base/val.h"

/* The whole text is one value; everything in the arena. A key that comes twice, broken text, values more than
 * 64 deep in one another: an error with file:line:col. */
bool json_value(Str text, const char *file, Arena *a, Val *out, Err *e);
#endif
