/* Is the database whole? Pages and indexes, references, the invariants, the triggers that hold them, and fields
 * whose table and history disagree. Each fault is a sentence. */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H
#include "store/store.h"

typedef bool (*StoreFaultFn)(void *ctx, const char *text, Err *e);
bool store_health(Store *s, StoreFaultFn fn, void *ctx, Err *e);
/* Only pages and indexes: what a backup has to be before it is trusted. */
bool store_sound(Store *s, StoreFaultFn fn, void *ctx, Err *e);
#endif
