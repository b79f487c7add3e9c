#include "feel/moment.h"

#include "base/zone.h"

enum { CYCLE_YEARS = 400, CYCLE_DAYS = 146097 }; /* the Gregorian calendar comes round */

static int64_t floor_div(int64_t x, int64_t y) { return x / y - (x % y != 0 && (x < 0) != (y < 0)); }

int64_t civil_days(int64_t year, int month, int day) {
  int64_t cycle = floor_div(year, CYCLE_YEARS);
  return cycle * CYCLE_DAYS + day_of((int)(year - cycle * CYCLE_YEARS), month, day);
}

void civil_parts(int64_t days, int64_t *year, int *month, int *day) {
  int64_t cycle = floor_div(days, CYCLE_DAYS);
  int y;
  day_parts((Day)(days - cycle * CYCLE_DAYS), &y, month, day);
  *year = y + cycle * CYCLE_YEARS;
}

int civil_month_length(int64_t year, int month) {
  return month_length((int)(year - floor_div(year, CYCLE_YEARS) * CYCLE_YEARS), month);
}

int civil_weekday(int64_t days) { return (int)(days + 3 - floor_div(days + 3, 7) * 7) + 1; }

bool civil_real(int64_t year, int64_t month, int64_t day) {
  return year >= -MOMENT_YEAR_MOST && year <= MOMENT_YEAR_MOST && month >= 1 && month <= 12 && day >= 1 &&
         day <= civil_month_length(year, (int)month);
}

bool clock_offset(const ValClock *k, int32_t *offset) {
  if (k->offset != VAL_NO_ZONE) {
    *offset = k->offset;
    return true;
  }
  return k->zone.n && zone_at_local(k->zone, k->days * MOMENT_DAY + k->nanos / MOMENT_SECOND, offset);
}

Nanos moment_nanos(Val v) {
  if (v.t == V_DATE) return (Nanos)v.u.i * MOMENT_DAY * MOMENT_SECOND;
  const ValClock *k = v.u.p;
  int32_t offset = 0;
  if (!clock_offset(k, &offset)) offset = 0;
  return ((Nanos)k->days * MOMENT_DAY - offset) * MOMENT_SECOND + k->nanos;
}

static bool in_years(int64_t days) {
  return days >= civil_days(-MOMENT_YEAR_MOST, 1, 1) && days <= civil_days(MOMENT_YEAR_MOST, 12, 31);
}

Val moment_date(int64_t days) { return in_years(days) ? (Val){.t = V_DATE, .u.i = days} : val_null(); }

Val moment_clock(ValType t, ValClock k, Arena *a) {
  if (t == V_DATETIME && !in_years(k.days)) return val_null();
  ValClock *kept = arena_alloc(a, sizeof *kept);
  *kept = k;
  return (Val){.t = (uint8_t)t, .u.p = kept};
}

Val moment_midnight(Val date, Arena *a) {
  return moment_clock(V_DATETIME, (ValClock){.days = date.u.i, .offset = VAL_NO_ZONE}, a);
}

static Nanos floor_day(Nanos n, int64_t *in_day) {
  const Nanos day = (Nanos)MOMENT_DAY * MOMENT_SECOND;
  Nanos days = n / day - (n % day < 0);
  *in_day = (int64_t)(n - days * day);
  return days;
}

static bool far(Nanos n) { return n > INT64_MAX || n < INT64_MIN; }

/* The wall clock of a zone after a span of real time: offsets may change on the way. */
static ValClock at_zone(ValClock k, Nanos utc) {
  int32_t offset = 0;
  int64_t rest;
  Nanos secs = utc / MOMENT_SECOND - (utc % MOMENT_SECOND < 0);
  if (!far(secs)) zone_at(k.zone, (int64_t)secs, &offset);
  k.days = (int64_t)floor_day(utc + offset * MOMENT_SECOND, &rest);
  k.nanos = rest;
  return k;
}

Val moment_add(Val v, Nanos span, Arena *a) {
  int64_t rest;
  if (v.t == V_DATE) {
    Nanos days = floor_day(moment_nanos(v) + span, &rest);
    return far(days) ? val_null() : moment_date((int64_t)days);
  }
  ValClock k = *(const ValClock *)v.u.p;
  if (v.t == V_DATETIME && k.zone.n) {
    Nanos utc = moment_nanos(v) + span;
    if (far(floor_day(utc, &rest))) return val_null();
    return moment_clock(V_DATETIME, at_zone(k, utc), a);
  }
  Nanos days = floor_day((Nanos)k.nanos + span, &rest);
  if (far(days + k.days)) return val_null();
  k.nanos = rest;
  if (v.t == V_DATETIME) k.days += (int64_t)days;
  return moment_clock((ValType)v.t, k, a);
}

static bool add_months(int64_t days, int64_t months, int64_t *out) {
  int64_t y, number;
  int m, d;
  civil_parts(days, &y, &m, &d);
  if (__builtin_add_overflow(y * 12 + m - 1, months, &number)) return false;
  y = floor_div(number, 12);
  m = (int)(number - y * 12) + 1;
  if (y < -MOMENT_YEAR_MOST || y > MOMENT_YEAR_MOST) return false;
  int last = civil_month_length(y, m);
  *out = civil_days(y, m, d < last ? d : last);
  return true;
}

Val moment_add_months(Val v, int64_t months, Arena *a) {
  int64_t days;
  if (v.t == V_DATE) return add_months(v.u.i, months, &days) ? moment_date(days) : val_null();
  ValClock k = *(const ValClock *)v.u.p;
  if (v.t != V_DATETIME || !add_months(k.days, months, &days)) return val_null();
  k.days = days;
  return moment_clock(V_DATETIME, k, a);
}

static bool zoned(Val v) { return v.t == V_DATE || clock_zoned(v.u.p); }

Val moment_sub(Val x, Val y) {
  bool times = x.t == V_TIME && y.t == V_TIME, dates = x.t != V_TIME && y.t != V_TIME;
  if ((!times && !dates) || zoned(x) != zoned(y)) return val_null();
  return secs_of_nanos(moment_nanos(x) - moment_nanos(y));
}

int moment_order(Val x, Val y) {
  Nanos a = moment_nanos(x), b = moment_nanos(y);
  int32_t offset = 0;
  if (x.t != V_DATE && !zoned(x) && clock_offset(y.u.p, &offset)) a -= offset * MOMENT_SECOND;
  if (y.t != V_DATE && !zoned(y) && clock_offset(x.u.p, &offset)) b -= offset * MOMENT_SECOND;
  return a < b ? -1 : a > b;
}

static int64_t month_of(Val v, int *day) {
  int64_t y;
  int m;
  civil_parts(v.t == V_DATE ? v.u.i : ((const ValClock *)v.u.p)->days, &y, &m, day);
  return y * 12 + m - 1;
}

int64_t moment_months(Val from, Val to) {
  int a, b;
  int64_t from_month = month_of(from, &a), months = month_of(to, &b) - from_month;
  if (months > 0 && b < a) months--;
  if (months < 0 && b > a) months++;
  return months;
}

Nanos secs_nanos(Val secs) {
  Nanos n = secs.u.i;
  for (int e = secs.e; e > -9; e--) n *= 10;
  return n;
}

Val secs_of_nanos(Nanos n) {
  int e = -9;
  while (e < 0 && n % 10 == 0) n /= 10, e++;
  return far(n) ? val_null() : (Val){.t = V_SECS, .e = (int8_t)e, .u.i = (int64_t)n};
}
