/* Time zones by their IANA names, read from the system's compiled tables ($TZDIR or /usr/share/zoneinfo,
 * RFC 8536). What was read is kept for the life of the process. */
#ifndef FEEL_ZONE_H
#define FEEL_ZONE_H
#include "base/str.h"

bool zone_known(Str name);
/* Has it had one offset at all times? Then that, in seconds east of UTC. */
bool zone_fixed(Str name, int32_t *offset);
/* Seconds east of UTC at a moment (seconds since 1970 in UTC). False: no such zone. */
bool zone_at(Str name, int64_t utc, int32_t *offset);
/* The same for a wall clock's reading (as if it were UTC). Where the hands went back the earlier moment is
 * meant; a reading that was skipped counts with the offset before the gap. */
bool zone_at_local(Str name, int64_t local, int32_t *offset);
#endif
