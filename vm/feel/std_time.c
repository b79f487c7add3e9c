/* Built-in functions of dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.8, 10.3.4.10). */
#include "feel/std.h"

#include "base/lang.h"
#include "base/num.h"
#include "feel/temporal.h"

#include <string.h>

static Val read_as(Standard *s, Val text, const char *what, bool (*wanted)(Val v)) {
  Val v;
  if (temporal_parse_standard(val_str(text), s->arena, &v) && wanted(v)) return v;
  return standard_null(s, "\"%.*s\" is no %s", STR_ARG(val_str(text)), _(what));
}

static bool is_date(Val v) { return v.t == V_DATE; }
static bool is_time(Val v) { return v.t == V_TIME; }
static bool is_moment(Val v) { return v.t == V_DATE || v.t == V_DATETIME; }
static bool is_duration(Val v) { return v.t == V_SECS || v.t == V_MONTHS; }

static Val date_of_text(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return read_as(s, arg[0], "date", is_date);
}

static Val date_of(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  return arg[0].t == V_DATE ? arg[0] : moment_date(((const ValClock *)arg[0].u.p)->days);
}

static Val date_of_parts(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  int64_t part[3];
  bool real = true;
  for (int i = 0; i < 3; i++) real = real && std_whole(arg[i], &part[i]);
  if (!real || !civil_real(part[0], part[1], part[2])) return standard_null(s, "there is no such date");
  return moment_date(civil_days(part[0], (int)part[1], (int)part[2]));
}

static Val time_of_text(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return read_as(s, arg[0], "time", is_time);
}

/* Of a date: its midnight, in UTC. */
static Val time_of(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  if (arg[0].t == V_TIME) return arg[0];
  if (arg[0].t == V_DATE) return moment_clock(V_TIME, (ValClock){.offset = 0}, s->arena);
  ValClock k = *(const ValClock *)arg[0].u.p;
  k.days = 0;
  return moment_clock(V_TIME, k, s->arena);
}

static Val time_of_parts(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  enum { OFFSET_MOST = 14 * 3600 };
  int64_t hour, minute, nanos, offset = VAL_NO_ZONE;
  Val second = num_round(arg[2], 9, NUM_DOWN, s->arena);
  bool real = std_whole(arg[0], &hour) && std_whole(arg[1], &minute) && num_minor(second, 9, &nanos, NULL) &&
              hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && nanos >= 0 &&
              nanos < 60 * MOMENT_SECOND;
  if (real && arg[3].t == V_SECS) {
    offset = (int64_t)(secs_nanos(arg[3]) / MOMENT_SECOND);
    real = offset >= -OFFSET_MOST && offset <= OFFSET_MOST;
  }
  if (!real) return standard_null(s, "there is no such time");
  ValClock k = {.nanos = (hour * 60 + minute) * 60 * MOMENT_SECOND + nanos, .offset = (int32_t)offset};
  return moment_clock(V_TIME, k, s->arena);
}

static Val moment_of_text(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Val v = read_as(s, arg[0], "date and time", is_moment);
  return v.t == V_DATE ? moment_midnight(v, s->arena) : v;
}

static Val moment_of_parts(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  ValClock k = *(const ValClock *)arg[1].u.p;
  k.days = arg[0].t == V_DATE ? arg[0].u.i : ((const ValClock *)arg[0].u.p)->days;
  return moment_clock(V_DATETIME, k, s->arena);
}

static Val duration(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  return read_as(s, arg[0], "duration", is_duration);
}

static Val months_between(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  return val_months(moment_months(arg[0], arg[1]));
}

/* --- the calendar */

static int64_t day_of_value(Val v) { return v.t == V_DATE ? v.u.i : ((const ValClock *)v.u.p)->days; }

static int64_t day_in_year(int64_t days) { /* from 1 */
  int64_t y;
  int m, d;
  civil_parts(days, &y, &m, &d);
  return days - civil_days(y, 1, 1) + 1;
}

static Val day_of_year(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  return val_int(day_in_year(day_of_value(arg[0])));
}

static Val day_of_week(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  static const char *const name[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
  return val_text(str_of(name[civil_weekday(day_of_value(arg[0])) - 1]));
}

static Val month_of_year(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  static const char *const name[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  int64_t y;
  int m, d;
  civil_parts(day_of_value(arg[0]), &y, &m, &d);
  return val_text(str_of(name[m - 1]));
}

/* ISO 8601: the week belongs to the year that its Thursday lies in. */
static Val week_of_year(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)s, (void)f, (void)n;
  int64_t day = day_of_value(arg[0]);
  return val_int((day_in_year(day + 4 - civil_weekday(day)) - 1) / 7 + 1);
}

static Val now(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)arg, (void)n;
  return moment_clock(V_DATETIME, s->now, s->arena);
}

static Val today(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)arg, (void)n;
  return moment_date(s->now.days);
}

const Builtin std_time_table[] = {
    {"date", "sfrom", date_of_text, "The date that a text names."},
    {"date", "pfrom", date_of, "The date of a date and time."},
    {"date", "nyear,nmonth,nday", date_of_parts, "The date of these parts."},
    {"time", "sfrom", time_of_text, "The time that a text names."},
    {"time", "efrom", time_of, "The time of a date and time."},
    {"time", "nhour,nminute,nsecond,?D!offset", time_of_parts, "The time of these parts."},
    {"date and time", "sfrom", moment_of_text, "The date and time that a text names."},
    {"date and time", "pdate,ttime", moment_of_parts, "A date with a time."},
    {"duration", "sfrom", duration, "The duration that a text names: P2DT3H, P1Y6M."},
    {"years and months duration", "pfrom,pto", months_between, "Whole months between two dates."},
    {"day of year", "pdate", day_of_year, "1 for the first of January."},
    {"day of week", "pdate", day_of_week, "\"Monday\" … \"Sunday\"."},
    {"month of year", "pdate", month_of_year, "\"January\" … \"December\"."},
    {"week of year", "pdate", week_of_year, "The week's number after ISO 8601."},
    {"now", "", now, "Date and time of the run, as the host gives it."},
    {"today", "", today, "The date of the run, as the host gives it."},
};
const size_t std_time_n = sizeof std_time_table / sizeof *std_time_table;
