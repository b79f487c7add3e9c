/* Who acts: the operating-system user, the member of staff whose login that is, and what the role of that person may.
 * For a schedule (duty.h) it is named by the schedule, and the rights are those of whoever ordered it.
 *
 * Grants are rows of rolegrant: the role of staff ("manager"), and a personal field ("contact.phone") or "approve". As
 * long as there is none, nobody is held. Once there are, personal fields need the grant of the playbook and of the
 * person; once some role may approve, only such roles write. */
#ifndef RUN_ACTOR_H
#define RUN_ACTOR_H
#include "store/store.h"

/* "limin" */
void actor_login(Buf *out);
/* "limin", or the staff code's holder as "limin (李敏)". */
bool actor_name(Store *s, Buf *out, Err *e);
/* Of `wanted` (NULL-terminated) those that the actor's role has; all of them when no roles are configured. */
bool actor_grants(Store *s, const char *const *wanted, Arena *a, const char ***out, Err *e);
/* May the person at hand see what a run with these grants saw? They stand as in table run: with spaces between. */
bool actor_may_see(Store *s, Str grants, bool *yes, Err *e);
/* False and an error that names the roles who may. */
bool actor_may_write(Store *s, Err *e);
#endif
