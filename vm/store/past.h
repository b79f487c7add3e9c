/* How far back the store knows a field. */
#ifndef STORE_PAST_H
#define STORE_PAST_H
#include "store/store.h"

/* The first day that f, a field with history (HostField.history), is known to have got a value on; DAY_NONE when no
 * such day is known: what was first imported is taken to hold since ever. */
bool store_known_since(Store *s, const HostField *f, Day *first, Err *e);
#endif
