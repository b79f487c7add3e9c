/* A calendar of appointments as a file that every calendar program reads: iCalendar (RFC 5545), METHOD:PUBLISH.
 *
 * Appointments lie on a day of a time zone, from one minute after midnight to another; the zone is written out as a
 * VTIMEZONE with the offsets of the time the appointments cover, so that a reader need not know it. The bytes depend
 * on the arguments alone: there is no clock, the moment of writing (DTSTAMP) is the caller's.
 *
 * The same appointment keeps its `uid` for ever; whenever anything of it changes `sequence` grows, and one that is given
 * up stays in the file as `cancelled` with a greater sequence, so that calendars that have it take it out.
 * Texts are UTF-8; controls other than the newline are left out, a broken byte becomes U+FFFD. All texts may be empty
 * but the uid. Ownership: everything is only read. */
#ifndef UI_ICAL_H
#define UI_ICAL_H
#include "base/date.h"
#include "base/err.h"

typedef struct IcalEvent {
  Str uid;               /* unique in the world: "visit-1204@pareto.example" */
  int32_t sequence;      /* >= 0 */
  bool cancelled;        /* STATUS:CANCELLED, else STATUS:CONFIRMED */
  Day day;
  int32_t from, to;      /* minutes after midnight there, 0..1440, from <= to; both ICAL_ALL_DAY: the whole day */
  Str summary, place, text; /* SUMMARY, LOCATION, DESCRIPTION */
  bool located;          /* lat and lon are known: GEO */
  double lat, lon;       /* degrees */
} IcalEvent;

enum { ICAL_ALL_DAY = -1 };

typedef struct IcalCalendar {
  Str name;              /* X-WR-CALNAME: "Visits of 李敏" */
  Str zone;              /* IANA name: "Asia/Shanghai"; empty or "UTC": times in UTC */
  Str person, mail;      /* ORGANIZER: whose calendar it is */
  int64_t stamp;         /* DTSTAMP: seconds since 1970 in UTC */
  const IcalEvent *event;/* written in this order */
  size_t count;
} IcalCalendar;

/* Appends the file. False and a sentence with the event's number or the zone at fault; nothing is added then. */
bool ical_write(const IcalCalendar *c, Buf *out, Err *e);
#endif
