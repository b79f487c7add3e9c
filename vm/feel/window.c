#include "feel/window.h"

#include "base/num.h"

#include <stdlib.h>

enum { YEAR_FIRST = 1900, YEAR_END = 2200 }; /* a year meant as a window */
enum { CODE = 1000000 }; /* code = kind × CODE + number; a month number stays below 120,000 */

static const struct { const char *name; WindowKind kind; } named[] = {
    {"all", WINDOW_ALL},
    {"ytd", WINDOW_YTD},
    {"last_month", WINDOW_LAST_MONTH},
    {"last_quarter", WINDOW_LAST_QUARTER},
    {"last_year", WINDOW_LAST_YEAR},
};
enum { NAMED = sizeof named / sizeof *named };

Val window_val(WindowKind kind, int number) {
  return (Val){.t = V_WINDOW, .u.i = (int64_t)kind * CODE + number};
}

static bool number(Str s, size_t from, size_t to, int *out) {
  *out = 0;
  for (size_t i = from; i < to; i++) {
    if (s.p[i] < '0' || s.p[i] > '9') return false;
    *out = *out * 10 + (s.p[i] - '0');
  }
  return true;
}

bool window_named(Str name, Val *out) {
  for (int i = 0; i < NAMED; i++)
    if (str_is(name, named[i].name)) {
      *out = window_val(named[i].kind, 0);
      return true;
    }
  int year, part;
  if (name.n < 4 || !number(name, 0, 4, &year) || year < 1) return false;
  if (name.n == 4) {
    *out = window_val(WINDOW_YEAR, year);
    return true;
  }
  if (name.n == 6 && (name.p[4] == 'Q' || name.p[4] == 'q') && number(name, 5, 6, &part) && part >= 1 &&
      part <= 4) {
    *out = window_val(WINDOW_QUARTER, year * 4 + part - 1);
    return true;
  }
  if (name.n == 7 && name.p[4] == '-' && number(name, 5, 7, &part) && part >= 1 && part <= 12) {
    *out = window_val(WINDOW_MONTH, year * 12 + part - 1);
    return true;
  }
  return false;
}

static bool months(int first, int n, Day *from, Day *to) {
  *from = month_start(first);
  *to = month_start(first + n);
  return true;
}

static bool calendar(int64_t code, Day asof, Day *from, Day *to) {
  int n = (int)(code % CODE), now = day_month(asof), year = now / 12;
  switch ((WindowKind)(code / CODE)) {
    case WINDOW_ALL:
      *from = DAY_NONE;
      *to = asof;
      return true;
    case WINDOW_YTD:
      *from = month_start(year * 12);
      *to = asof;
      return true;
    case WINDOW_LAST_MONTH: return months(now - 1, 1, from, to);
    case WINDOW_LAST_QUARTER: return months((now / 3 - 1) * 3, 3, from, to);
    case WINDOW_LAST_YEAR: return months((year - 1) * 12, 12, from, to);
    case WINDOW_YEAR: return months(n * 12, 12, from, to);
    case WINDOW_QUARTER: return months(n * 3, 3, from, to);
    case WINDOW_MONTH: return months(n, 1, from, to);
  }
  return false;
}

/* The day a span before as-of; spans that reach before year 1 end there. */
static bool back(Day asof, int64_t span, bool in_months, Day *from, Day *to) {
  Day first = day_of(1, 1, 1);
  int64_t room = in_months ? day_month(asof) - 12 : (int64_t)asof - first;
  if (span < 0) return false;
  *from = span > room ? first : in_months ? day_add_months(asof, (int)-span) : (Day)(asof - span);
  *to = asof;
  return true;
}

bool window_days(Val v, Day asof, Day *from, Day *to) {
  int64_t year;
  switch (v.t) {
    case V_WINDOW: return calendar(v.u.i, asof, from, to);
    case V_MONTHS: return back(asof, v.u.i, true, from, to);
    case V_SECS: return v.e == 0 && v.u.i % 86400 == 0 && back(asof, v.u.i / 86400, false, from, to);
    case V_NUM:
    case V_BIG:
      return num_int(v, &year) && year >= YEAR_FIRST && year < YEAR_END && months((int)year * 12, 12, from, to);
    default: return false;
  }
}

void window_print(Val v, Buf *out) {
  if (v.t == V_MONTHS) {
    buf_printf(out, "%lldm", (long long)v.u.i);
  } else if (v.t == V_SECS && v.e == 0 && v.u.i % 86400 == 0) {
    buf_printf(out, "%lldd", (long long)(v.u.i / 86400));
  } else if (v.t == V_WINDOW) {
    int kind = (int)(v.u.i / CODE), n = (int)(v.u.i % CODE);
    if (kind < NAMED) buf_puts(out, named[kind].name);
    else if (kind == WINDOW_YEAR) buf_printf(out, "%04d", n);
    else if (kind == WINDOW_QUARTER) buf_printf(out, "%04dQ%d", n / 4, n % 4 + 1);
    else buf_printf(out, "%04d-%02d", n / 12, n % 12 + 1);
  } else if (val_is_num(v)) {
    num_print(v, out);
  }
}
