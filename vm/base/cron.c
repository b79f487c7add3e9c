#include "base/cron.h"

#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY_SECS = 86400, YEARS = 400, YEAR_MOST = 9999 };

bool cron_works(const CronDays *days, Day d) {
  size_t low = 0, high = days ? days->n : 0;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (days->day[mid] < d) low = mid + 1;
    else high = mid;
  }
  if (days && low < days->n && days->day[low] == d) return days->works[low];
  return day_weekday(d) <= 5;
}

/* --- the days of one month, bit 1 is the first */

/* The working day nearest to one, in its month; of two as near the earlier. */
static int nearest(const CronDays *days, Day first, int length, int day) {
  for (int far = 0; far < length; far++) {
    if (day - far >= 1 && cron_works(days, first + day - far - 1)) return day - far;
    if (day + far <= length && cron_works(days, first + day + far - 1)) return day + far;
  }
  return 0;
}

static bool is_day(const CronDays *days, int which, Day d) {
  return which == CRON_WORKDAY ? cron_works(days, d) : day_weekday(d) == which;
}

static int placed(const CronDays *days, Day first, int length, CronPlace p) {
  int left = p.nth < 0 ? -p.nth : p.nth;
  for (int i = 1; i <= length; i++) {
    int day = p.nth < 0 ? length + 1 - i : i;
    if (is_day(days, p.day, first + day - 1) && --left == 0) return day;
  }
  return 0;
}

static uint32_t by_number(const Cron *c, const CronDays *days, Day first, int length) {
  uint32_t all = c->dom;
  for (int k = 0; k < length; k++)
    if (c->before_last >> k & 1) all |= 1u << (length - k);
  if (c->near & 1) all |= 1u << nearest(days, first, length, length);
  for (int day = 1; day <= length; day++)
    if (c->near >> day & 1) all |= 1u << nearest(days, first, length, day);
  return all;
}

static uint32_t by_name(const Cron *c, const CronDays *days, Day first, int length) {
  uint32_t all = 0;
  for (int day = 1; day <= length; day++) {
    Day d = first + day - 1;
    bool in = (c->dow >> day_weekday(d) & 1) || ((c->dow >> CRON_WORKDAY & 1) && cron_works(days, d));
    if (in) all |= 1u << day;
  }
  for (int i = 0; i < c->nplace; i++) all |= 1u << placed(days, first, length, c->place[i]);
  return all;
}

static uint32_t days_of(const Cron *c, const CronDays *days, int year, int month) {
  Day first = day_of(year, month, 1);
  int length = month_length(year, month);
  uint32_t all = ~0u;
  if (!c->any_dom) all &= by_number(c, days, first, length);
  if (!c->any_dow) all &= by_name(c, days, first, length);
  return all & (length == 31 ? ~0u : (1u << (length + 1)) - 1) & ~1u;
}

/* --- the next reading of the wall clock */

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* The lowest set bit from `at` on, or -1. */
static int bit_from(uint64_t bits, int at) {
  bits = at > 63 ? 0 : bits >> at << at;
  return bits ? __builtin_ctzll(bits) : -1;
}

/* The first time of a day from `secs` on; -1: none. */
static int64_t time_from(const Cron *c, int64_t secs) {
  int64_t from = (secs + MINUTE - 1) / MINUTE;
  int hour = bit_from(c->hour, (int)(from / 60));
  if (hour < 0) return -1;
  int minute = bit_from(c->minute, hour == from / 60 ? (int)(from % 60) : 0);
  if (minute < 0) {
    hour = bit_from(c->hour, hour + 1);
    minute = bit_from(c->minute, 0);
  }
  return hour < 0 ? -1 : (int64_t)hour * HOUR + minute * MINUTE;
}

bool cron_local(const Cron *c, const CronDays *days, int64_t local, int64_t *out) {
  Day today = (Day)floor_div(local, DAY_SECS);
  int64_t secs = time_from(c, local - (int64_t)today * DAY_SECS);
  if (secs < 0) { /* none left on that day */
    today++;
    secs = time_from(c, 0);
  }
  int year, month, day, until;
  day_parts(today, &year, &month, &day);
  int64_t any = time_from(c, 0);
  for (until = year + YEARS; year <= until && year <= YEAR_MOST; day = 1, month++) {
    if (month > 12) {
      month = 1;
      year++;
    }
    if (!(c->month >> month & 1)) continue;
    int hit = bit_from(days_of(c, days, year, month), day);
    if (hit < 0) continue;
    Day d = day_of(year, month, hit);
    *out = (int64_t)d * DAY_SECS + (d == today ? secs : any);
    return true;
  }
  return false;
}

bool cron_matches(const Cron *c, const CronDays *days, int64_t local) {
  int64_t at;
  return cron_local(c, days, local, &at) && at == local;
}

/* --- the next moment */

bool cron_next(const Cron *c, const CronDays *days, Str zone, int64_t utc, CronMoment *out) {
  int32_t offset;
  if (!zone_at(zone, utc, &offset)) return false;
  int64_t local = (floor_div(utc + offset, MINUTE) + 1) * MINUTE;
  for (;; local = out->local + MINUTE) { /* what the clock shows a second time was behind us the first time */
    if (!cron_local(c, days, local, &out->local)) return false;
    if (!zone_first(zone, out->local, &out->utc, &out->fit)) return false;
    if (out->utc > utc) break;
  }
  zone_at(zone, out->utc, &out->offset);
  if (out->fit == ZONE_SKIPPED && cron_matches(c, days, out->utc + out->offset)) { /* named itself */
    out->local = out->utc + out->offset;
    out->fit = ZONE_ONCE;
  }
  return true;
}

/* --- moments as text */

void moment_print_at(int64_t utc, int32_t offset, Buf *out) {
  int64_t local = utc + offset, day = floor_div(local, DAY_SECS), secs = local - day * DAY_SECS;
  int32_t off = offset < 0 ? -offset : offset;
  day_print((Day)day, out);
  buf_printf(out, "T%02d:%02d:%02d%c%02d:%02d", (int)(secs / HOUR), (int)(secs / MINUTE % 60), (int)(secs % MINUTE),
             offset < 0 ? '-' : '+', off / HOUR, off / MINUTE % 60);
  if (off % MINUTE) buf_printf(out, ":%02d", off % MINUTE);
}

void moment_print(int64_t utc, Buf *out) {
  int64_t day = floor_div(utc, DAY_SECS), secs = utc - day * DAY_SECS;
  day_print((Day)day, out);
  buf_printf(out, "T%02d:%02d:%02dZ", (int)(secs / HOUR), (int)(secs / MINUTE % 60), (int)(secs % MINUTE));
}

static bool two(Str *s, int most, int *out) {
  if (s->n < 2 || s->p[0] < '0' || s->p[0] > '9' || s->p[1] < '0' || s->p[1] > '9') return false;
  *out = (s->p[0] - '0') * 10 + (s->p[1] - '0');
  *s = str_sub(*s, 2, s->n);
  return *out <= most;
}

static bool sign(Str *s, char c) {
  if (!s->n || *s->p != c) return false;
  *s = str_sub(*s, 1, s->n);
  return true;
}

static bool read_offset(Str *s, int64_t *offset) {
  int hour, minute = 0;
  bool west = s->n && *s->p == '-';
  if (sign(s, 'Z') || sign(s, 'z')) {
    *offset = 0;
    return true;
  }
  if (!sign(s, '+') && !sign(s, '-')) return false;
  if (!two(s, 24, &hour)) return false;
  if (s->n && (sign(s, ':'), !two(s, 59, &minute))) return false;
  *offset = (west ? -1 : 1) * (hour * HOUR + minute * MINUTE);
  return true;
}

bool moment_read(Str text, Str zone, int64_t *utc) {
  Day day;
  int hour = 0, minute = 0, second = 0;
  int64_t offset;
  ZoneFit fit;
  if (!day_parse(str_sub(text, 0, 10), &day)) return false;
  Str s = str_sub(text, 10, text.n);
  if (sign(&s, 'T') || sign(&s, ' ')) {
    if (!two(&s, 23, &hour) || !sign(&s, ':') || !two(&s, 59, &minute)) return false;
    if (sign(&s, ':') && !two(&s, 59, &second)) return false;
  }
  int64_t local = (int64_t)day * DAY_SECS + hour * HOUR + minute * MINUTE + second;
  if (!s.n) return zone_first(zone, local, utc, &fit);
  if (!read_offset(&s, &offset) || s.n) return false;
  *utc = local - offset;
  return true;
}
