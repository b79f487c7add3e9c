/* Inside the store: a Store that is opened when something is first asked of it. Until then the rule language gets
 * callbacks that open it; from then on they are those of any other Store. */
#ifndef STORE_LATER_H
#define STORE_LATER_H
#include "store/store.h"

/* Opens it unless that is done. A failure is said, and tried again by whoever asks next. */
bool later_open(Store *s, Err *e);
/* What the rule language may hold of s before that. */
const FeelHost *later_host(Store *s);
#endif
