/* Time zones by their IANA names, read from the system's compiled tables ($TZDIR or /usr/share/zoneinfo,
 * RFC 8536). What was read is kept for the life of the process. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H
#include "base/str.h"

bool zone_known(Str name);
/* Has it had one offset at all times? Then that, in seconds east of UTC. */
bool zone_fixed(Str name, int32_t *offset);
/* Seconds east of UTC at a moment (seconds since 1970 in UTC). False: no such zone. */
bool zone_at(Str name, int64_t utc, int32_t *offset);
/* The same for a wall clock's reading (as if it were UTC). Where the hands went back the earlier moment is
 * meant; a reading that was skipped counts with the offset before the gap. */
bool zone_at_local(Str name, int64_t local, int32_t *offset);
/* The next moment after `utc` at which the offset changes. False: there is none, or no such zone. */
bool zone_turn(Str name, int64_t utc, int64_t *when);
/* The first moment at which a wall clock there shows `local`; of one that was skipped the first moment behind the gap. */
typedef enum ZoneFit { ZONE_ONCE, ZONE_TWICE, ZONE_SKIPPED } ZoneFit;
bool zone_first(Str name, int64_t local, int64_t *utc, ZoneFit *fit);
/* The zone of this machine: $TZ, else /etc/localtime; "UTC" when neither says. Not checked: it may be unknown. */
void zone_here(Buf *out);
/* The known name nearest to a wrong one ("Asia/Shanghia"), or nothing. */
bool zone_nearest(Str wrong, Buf *out);
#endif
