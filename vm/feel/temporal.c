#include "feel/temporal.h"

#include "base/zone.h"
#include "feel/moment.h"

#include <string.h>

enum { DAY_SECS = MOMENT_DAY, ZONE_MOST = 14 * 3600 };
static const int64_t NANOS = MOMENT_SECOND;

typedef struct Scan {
  Str s;
  size_t at;
  int year_digits; /* a year may have, at most */
} Scan;

static bool end(const Scan *c) { return c->at == c->s.n; }
static char peek(const Scan *c) { return c->at < c->s.n ? c->s.p[c->at] : 0; }

static bool take(Scan *c, char ch) {
  if (peek(c) != ch) return false;
  c->at++;
  return true;
}

static int digits(Scan *c, int most, int64_t *out) { /* how many there were */
  int n = 0;
  for (*out = 0; n < most && peek(c) >= '0' && peek(c) <= '9'; n++)
    *out = *out * 10 + (c->s.p[c->at++] - '0');
  return n;
}

static bool two(Scan *c, int64_t low, int64_t high, int64_t *out) {
  return digits(c, 2, out) == 2 && *out >= low && *out <= high;
}

static bool date(Scan *c, int64_t *days) {
  int64_t year, month, day;
  bool neg = take(c, '-');
  size_t from = c->at;
  int n = digits(c, c->year_digits, &year);
  if (n < 4 || (n > 4 && c->s.p[from] == '0')) return false;
  if (!take(c, '-') || !two(c, 1, 12, &month) || !take(c, '-') || !two(c, 1, 31, &day)) return false;
  if (neg) year = -year;
  if (day > civil_month_length(year, (int)month)) return false;
  *days = civil_days(year, (int)month, (int)day);
  return true;
}

static bool fraction(Scan *c, int64_t *nanos) {
  int64_t f;
  *nanos = 0;
  if (!take(c, '.')) return true;
  int n = digits(c, 9, &f);
  if (!n) return false;
  for (; n < 9; n++) f *= 10;
  int64_t beyond; /* digits after the ninth are finer than the clock */
  while (digits(c, 9, &beyond)) continue;
  *nanos = f;
  return true;
}

static bool zone_name(Scan *c, Str *zone) {
  size_t from = c->at;
  for (char ch; (ch = peek(c)) != 0; c->at++) {
    bool ok = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
              memchr("_/+-", ch, 4);
    if (!ok) return false;
  }
  *zone = str_sub(c->s, from, c->at);
  return zone->n > 0;
}

static bool zone(Scan *c, ValClock *out) {
  int64_t h, m, s = 0;
  out->offset = VAL_NO_ZONE;
  out->zone = (Str){0};
  if (end(c)) return true;
  if (take(c, '@')) return zone_name(c, &out->zone);
  if (take(c, 'Z') || take(c, 'z')) {
    out->offset = 0;
    return true;
  }
  bool neg = peek(c) == '-';
  if (!take(c, '+') && !take(c, '-')) return false;
  if (!two(c, 0, 14, &h) || !take(c, ':') || !two(c, 0, 59, &m)) return false;
  if (take(c, ':') && !two(c, 0, 59, &s)) return false;
  int64_t secs = h * 3600 + m * 60 + s;
  out->offset = (int32_t)(neg ? -secs : secs);
  return secs <= ZONE_MOST;
}

static bool clock_time(Scan *c, ValClock *out) {
  int64_t h, m, s, f;
  if (!two(c, 0, 24, &h) || !take(c, ':') || !two(c, 0, 59, &m) || !take(c, ':') || !two(c, 0, 59, &s))
    return false;
  if (!fraction(c, &f) || !zone(c, out)) return false;
  if (h == 24) { /* the midnight at the day's end */
    if (m || s || f) return false;
    h = 0;
    out->days++;
  }
  out->nanos = (h * 3600 + m * 60 + s) * NANOS + f;
  return end(c);
}

/* One "12Y" of a duration; units come in order, each once. */
static bool part(Scan *c, const char *units, const char **next, int64_t *n, int64_t *nanos, char *unit) {
  *nanos = 0;
  if (!digits(c, 15, n)) return false;
  if (peek(c) == '.' && !fraction(c, nanos)) return false;
  *unit = peek(c);
  const char *hit = *unit ? strchr(*next ? *next : units, *unit) : NULL;
  if (!hit) return false;
  *next = hit + 1;
  c->at++;
  return true;
}

static bool months(Scan c, bool neg, Val *out) {
  const char *next = NULL;
  int64_t sum = 0, n, f;
  char unit;
  if (end(&c)) return false;
  while (!end(&c)) {
    if (!part(&c, "YM", &next, &n, &f, &unit) || f || (c.year_digits < 9 && n > INT32_MAX)) return false;
    sum += unit == 'Y' ? n * 12 : n;
  }
  *out = val_months(neg ? -sum : sum);
  return true;
}

static Val secs(int64_t s, int64_t f) { /* seconds and nanoseconds, as few decimals as it takes */
  if (!f) return (Val){.t = V_SECS, .u.i = s};
  int e = 9;
  while (f % 10 == 0) f /= 10, e--;
  for (int i = 0; i < e; i++) s *= 10;
  return (Val){.t = V_SECS, .e = (int8_t)-e, .u.i = s + f};
}

static bool seconds(Scan c, bool neg, Val *out) {
  static const struct { char unit; int64_t secs; } unit_secs[] = {
      {'D', DAY_SECS}, {'H', 3600}, {'M', 60}, {'S', 1}};
  const char *next = NULL;
  int64_t sum = 0, n, f = 0;
  bool any = false, time = false;
  char unit;
  while (!end(&c)) {
    if (!time && take(&c, 'T')) {
      time = true, any = false, next = NULL;
      continue;
    }
    if (!part(&c, time ? "HMS" : "D", &next, &n, &f, &unit) || (f && unit != 'S')) return false;
    for (size_t i = 0; i < 4; i++) {
      if (unit_secs[i].unit != unit) continue;
      int64_t more;
      if (__builtin_mul_overflow(n, unit_secs[i].secs, &more)) return false;
      if (__builtin_add_overflow(sum, more, &sum)) return false;
    }
    any = true;
  }
  if (!any || (f && sum > INT64_MAX / NANOS - 1)) return false;
  *out = secs(sum, f);
  if (neg) out->u.i = -out->u.i;
  return true;
}

static bool duration(Scan c, Val *out) {
  bool neg = take(&c, '-');
  if (!take(&c, 'P')) return false;
  return months(c, neg, out) || seconds(c, neg, out);
}

static bool parse(Str s, int year_digits, Arena *a, Val *out) {
  Scan c = {s, 0, year_digits};
  ValClock k = {0};
  if (duration(c, out)) return true;
  bool dated = date(&c, &k.days);
  if (dated && end(&c)) {
    *out = (Val){.t = V_DATE, .u.i = k.days};
    return true;
  }
  if (dated && !take(&c, 'T')) return false;
  if (!dated) c.at = 0;
  if (!clock_time(&c, &k)) return false;
  if (!dated) k.days = 0;
  ValClock *kept = arena_alloc(a, sizeof *kept);
  *kept = k;
  if (k.zone.n) kept->zone.p = arena_strndup(a, k.zone.p, k.zone.n);
  *out = (Val){.t = dated ? V_DATETIME : V_TIME, .u.p = kept};
  return true;
}

bool temporal_parse(Str s, Arena *a, Val *out) { return parse(s, 6, a, out); }

bool temporal_parse_standard(Str s, Arena *a, Val *out) {
  Val v;
  if (!parse(s, 9, a, &v)) return false;
  const ValClock *k = v.t == V_TIME || v.t == V_DATETIME ? v.u.p : NULL;
  if (k && k->zone.n && !zone_known(k->zone)) return false;
  *out = v;
  return true;
}

/* --- printing */

static void print_date(int64_t days, Buf *out) {
  int64_t y;
  int m, d;
  civil_parts(days, &y, &m, &d);
  buf_printf(out, "%s%04lld-%02d-%02d", y < 0 ? "-" : "", (long long)(y < 0 ? -y : y), m, d);
}

static void print_fraction(int64_t f, int digits_n, Buf *out) {
  if (!f) return;
  while (f % 10 == 0) f /= 10, digits_n--;
  buf_printf(out, ".%0*lld", digits_n, (long long)f);
}

static void print_clock(const ValClock *k, Buf *out) {
  long long s = k->nanos / NANOS;
  buf_printf(out, "%02lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
  print_fraction(k->nanos % NANOS, 9, out);
  if (k->zone.n) {
    buf_char(out, '@');
    buf_str(out, k->zone);
  } else if (k->offset == 0) {
    buf_char(out, 'Z');
  } else if (k->offset != VAL_NO_ZONE) {
    int o = k->offset < 0 ? -k->offset : k->offset;
    buf_printf(out, "%c%02d:%02d", k->offset < 0 ? '-' : '+', o / 3600, o / 60 % 60);
    if (o % 60) buf_printf(out, ":%02d", o % 60);
  }
}

static void print_months(int64_t n, Buf *out) {
  if (n < 0) buf_char(out, '-'), n = -n;
  buf_char(out, 'P');
  if (n / 12) buf_printf(out, "%lldY", (long long)(n / 12));
  if (n % 12 || !n) buf_printf(out, "%lldM", (long long)(n % 12));
}

static void print_secs(Val v, Buf *out) {
  uint64_t n = v.u.i < 0 ? -(uint64_t)v.u.i : (uint64_t)v.u.i, ten = 1;
  for (int e = v.e; e < 0; e++) ten *= 10;
  uint64_t s = n / ten, f = n % ten, day = s / DAY_SECS;
  s %= DAY_SECS;
  buf_puts(out, v.u.i < 0 ? "-P" : "P");
  if (day) buf_printf(out, "%lluD", (unsigned long long)day);
  if (!s && !f && day) return;
  buf_char(out, 'T');
  if (s / 3600) buf_printf(out, "%lluH", (unsigned long long)(s / 3600));
  if (s / 60 % 60) buf_printf(out, "%lluM", (unsigned long long)(s / 60 % 60));
  if (!(s % 60) && !f && s) return;
  buf_printf(out, "%llu", (unsigned long long)(s % 60));
  print_fraction((int64_t)f, -v.e, out);
  buf_char(out, 'S');
}

void temporal_print(Val v, Buf *out) {
  const ValClock *k = v.u.p;
  switch (v.t) {
    case V_DATE: print_date(v.u.i, out); break;
    case V_TIME: print_clock(k, out); break;
    case V_DATETIME:
      print_date(k->days, out);
      buf_char(out, 'T');
      print_clock(k, out);
      break;
    case V_MONTHS: print_months(v.u.i, out); break;
    case V_SECS: print_secs(v, out); break;
    default: break;
  }
}
