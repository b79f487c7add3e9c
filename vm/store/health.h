/* Is the database whole? Pages and indexes, references, the invariants, the triggers that hold them, tables and columns as
 * we made them, and fields whose table and history disagree. Each fault is a sentence. */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H
#include "store/store.h"

typedef bool (*StoreFaultFn)(void *ctx, const char *text, Err *e);
bool store_health(Store *s, StoreFaultFn fn, void *ctx, Err *e);
/* Only pages and indexes: what a backup has to be before it is trusted. */
bool store_sound(Store *s, StoreFaultFn fn, void *ctx, Err *e);
/* Puts back triggers that are missing or were altered; *n: how many. Others' stay. In a transaction of its own. */
bool store_mend_triggers(Store *s, int64_t *n, Err *e);
#endif
