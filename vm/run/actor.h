/* Who acts: the operating-system user, and the member of staff whose login that is. */
#ifndef RUN_ACTOR_H
#define RUN_ACTOR_H
#include "store/store.h"

/* "limin", or the staff code's holder as "limin (李敏)". */
bool actor_name(Store *s, Buf *out, Err *e);
#endif
