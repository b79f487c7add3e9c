/* Dates and moments as the standard dialect has them: years -999999999..999999999, nanoseconds, offsets and
 * zones. Values are V_DATE, V_TIME, V_DATETIME, V_SECS, V_MONTHS; results that need room lie in the arena. */
#ifndef FEEL_MOMENT_H
#define FEEL_MOMENT_H
#include "base/val.h"

typedef __int128 Nanos;
enum { MOMENT_DAY = 86400 };
#define MOMENT_SECOND ((int64_t)1000000000)
#define MOMENT_YEAR_MOST 999999999

/* base/date.h in 64 bits; the year may be any within ±MOMENT_YEAR_MOST. */
int64_t civil_days(int64_t year, int month, int day);
void civil_parts(int64_t days, int64_t *year, int *month, int *day);
int civil_month_length(int64_t year, int month);
int civil_weekday(int64_t days); /* 1 Monday … 7 Sunday */
bool civil_real(int64_t year, int64_t month, int64_t day);

/* Has the clock an offset or a zone? */
static inline bool clock_zoned(const ValClock *k) { return k->zone.n || k->offset != VAL_NO_ZONE; }
/* Seconds east of UTC. For a time of day with a zone, those of 1970-01-01. False: none, or no such zone. */
bool clock_offset(const ValClock *k, int32_t *offset);
/* Nanoseconds since 1970 (a date: its midnight; a time: since midnight), in UTC when it has an offset. */
Nanos moment_nanos(Val v);

Val moment_date(int64_t days);                        /* null when the year is out of bounds */
Val moment_clock(ValType t, ValClock k, Arena *a);
/* A date as date and time: its midnight, without offset. */
Val moment_midnight(Val date, Arena *a);
/* v, a date, time or date and time, plus a span; null when that leaves the years there are. */
Val moment_add(Val v, Nanos span, Arena *a);
Val moment_add_months(Val v, int64_t months, Arena *a);
/* How far from y to x: two times, or dates and dates and times; a date is midnight in UTC. Null when one has
 * an offset or a zone and the other not, or they are of different kinds. */
Val moment_sub(Val x, Val y);
/* Two of one kind in time; one that has no offset is read with the other's. */
int moment_order(Val x, Val y);
/* Whole months from one date or date and time to another; the time of day does not count. */
int64_t moment_months(Val from, Val to);

Nanos secs_nanos(Val secs);
Val secs_of_nanos(Nanos n); /* null when it does not fit */
#endif
