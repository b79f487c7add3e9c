/* Schedules: cron expressions of five fields, and the moments they name in a time zone.
 *
 *   minute hour day-of-month month day-of-week     lists 1,15 · ranges 8-18 · steps 0-59/15 or a star and /15
 *   months JAN-DEC, days SUN-SAT (0 and 7 are Sunday), any case
 *   day of month   L the last, L-3 three days before it, 15W the working day nearest to the 15th, LW
 *   day of week    MON#2 the second Monday, FRIL the last Friday; workday, workday#1, workdayL
 *   @yearly @monthly @weekly @daily @hourly
 *   or in words    "1st 06:00", "last day 18:00", "workday 09:00", "2nd monday 09:00", "1st workday 08:30"
 *
 * Working days are Monday to Friday, but for the days of a calendar that says otherwise (public holidays, make-up
 * days). Day of month and day of week cannot both be set: cron runs when either holds, and readers expect both.
 *
 * A time of the wall clock runs once. One that the clock skips (spring) runs at the first moment behind the gap; of
 * one that comes twice (autumn) the first counts. Times that fall on the same moment are one. */
#ifndef BASE_CRON_H
#define BASE_CRON_H
#include "base/date.h"
#include "base/err.h"
#include "base/zone.h"

typedef struct CronPlace { /* "MON#2": day 1, nth 2; nth -1: the last; day CRON_WORKDAY */
  int day, nth;
} CronPlace;
enum { CRON_WORKDAY = 8, CRON_PLACES = 16 };

typedef struct Cron {
  uint64_t minute;
  uint32_t hour, month;      /* bit 1 is January */
  uint32_t dom;              /* bit 1 is the first */
  uint32_t before_last;      /* bit 0 is L, bit 3 is L-3 */
  uint32_t near;             /* bit 15: 15W; bit 0: LW */
  uint32_t dow;              /* bit 1 is Monday, bit 7 Sunday, bit CRON_WORKDAY every working day */
  CronPlace place[CRON_PLACES];
  int nplace;
  bool any_dom, any_dow;
  int starts[5];             /* where each field begins in the text of five fields */
} Cron;

/* Days that are not as the week says, rising. */
typedef struct CronDays {
  const Day *day;
  const bool *works;
  size_t n;
} CronDays;

/* Errors carry the text and a caret, and say what is meant instead. Fails too for what never happens (30 February). */
bool cron_parse(Str text, Cron *out, Err *e);
/* "1st 06:00 Asia/Shanghai" or an expression, as headers have them: as five fields in `cron`, and the zone in `zone`,
 * empty when none is named. Checked, the zone too. */
bool cron_header(Str text, Buf *cron, Buf *zone, Err *e);
/* False and an error with the nearest name. */
bool cron_zone(Str zone, Err *e);

typedef struct CronMoment {
  int64_t utc;     /* seconds since 1970 */
  int64_t local;   /* what the wall clock was to show, as if it were UTC */
  int32_t offset;  /* in force, seconds east of UTC */
  ZoneFit fit;
} CronMoment;

bool cron_works(const CronDays *days, Day d);
bool cron_matches(const Cron *c, const CronDays *days, int64_t local);
/* The next reading of the wall clock at or behind `local` that the expression names; false: none in 400 years. */
bool cron_local(const Cron *c, const CronDays *days, int64_t local, int64_t *out);
/* The next moment behind `utc`. `days` may be NULL. The zone has to be known. */
bool cron_next(const Cron *c, const CronDays *days, Str zone, int64_t utc, CronMoment *out);

/* In words: "at 06:00 on day 1 of every month". */
void cron_say(const Cron *c, Buf *out);
/* What it may surprise with, a line each: a 31st that most months lack. */
void cron_warn(const Cron *c, Buf *out);
/* The same of working days that no row of the calendar speaks of: the moment after `utc` lies behind the last of them. */
void cron_warn_days(const Cron *c, const CronDays *days, Str zone, int64_t utc, Buf *out);

/* "2026-11-01T06:00:00Z"; with an offset the wall clock there and "+08:00". */
void moment_print(int64_t utc, Buf *out);
void moment_print_at(int64_t utc, int32_t offset, Buf *out);
/* "2026-11-01", "2026-11-01T06:00", with seconds; ends in Z or +08:00, or is read in `zone`. */
bool moment_read(Str text, Str zone, int64_t *utc);
#endif
