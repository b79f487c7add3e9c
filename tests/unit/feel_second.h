/* The standard dialect a second time: slow, obvious, from the text of the standard, with values and a
 * calendar of its own. It shares the parser with the product and nothing else. Numbers are long doubles, equal
 * when the difference is beyond what decimals of random expressions can have. */
#ifndef FEEL_SECOND_H
#define FEEL_SECOND_H
#include "testing.h"

#include "feel/standard.h"

#include <math.h>
#include <string.h>

typedef struct S {
  StdKind k;
  long double n; /* number, truth; days of a date; seconds; months */
  Str s;
  const struct S *v; /* items, values of entries, the two ends of a range */
  const Str *key;
  size_t len;
  int bits; /* of a range */
} S;

typedef struct Env {
  const struct Env *up;
  Str name;
  S value;
} Env;

static Arena pages; /* all of the second evaluator's values */

static S none(void) { return (S){.k = STD_NULL}; }
static S s_number(long double n) { return (S){.k = STD_NUMBER, .n = n}; }
static S s_truth(bool b) { return (S){.k = STD_BOOLEAN, .n = b}; }
static S s_text(Str t) { return (S){.k = STD_STRING, .s = t}; }
static S s_of(StdKind k, long double n) { return (S){.k = k, .n = n}; }
static bool is_true(S v) { return v.k == STD_BOOLEAN && v.n != 0; }
static bool is_false(S v) { return v.k == STD_BOOLEAN && v.n == 0; }

static S s_list(const S *v, size_t n) {
  S *to = arena_zalloc(&pages, n + 1, sizeof *to);
  if (n) memcpy(to, v, n * sizeof *to);
  return (S){.k = STD_LIST, .v = to, .len = n};
}

/* A decimal of the parser's: its digits and the power of ten. */
static long double s_scaled(Val v) {
  long double digits = (long double)v.u.i;
  return v.e < 0 ? digits / powl(10, -v.e) : digits * powl(10, v.e);
}

static S with(S list, S item) {
  S *to = arena_zalloc(&pages, list.len + 1, sizeof *to);
  if (list.len) memcpy(to, list.v, list.len * sizeof *to);
  to[list.len] = item;
  return (S){.k = STD_LIST, .v = to, .len = list.len + 1};
}

static S entry_of(S context, Str key, bool *found) {
  *found = false;
  for (size_t i = 0; context.k == STD_CONTEXT && i < context.len; i++)
    if (str_eq(context.key[i], key)) {
      *found = true;
      return context.v[i];
    }
  return none();
}

/* --- the calendar, counted day by day */

typedef struct Civil {
  int y, m, d;
} Civil;

static int month_days(int y, int m) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m == 2 && leap ? 29 : days[m - 1];
}

static Civil civil_of(long day) { /* from 1970-01-01 */
  Civil c = {1970, 1, 1};
  for (; day < 0; day += month_days(c.y, c.m))
    if (--c.m == 0) c.y--, c.m = 12;
  for (; day >= month_days(c.y, c.m); ) {
    day -= month_days(c.y, c.m);
    if (++c.m == 13) c.y++, c.m = 1;
  }
  c.d = (int)day + 1;
  return c;
}

static long day_number(Civil c) {
  long day = c.d - 1;
  for (int y = 1970; y < c.y; y++)
    for (int m = 1; m <= 12; m++) day += month_days(y, m);
  for (int y = c.y; y < 1970; y++)
    for (int m = 1; m <= 12; m++) day -= month_days(y, m);
  for (int m = 1; m < c.m; m++) day += month_days(c.y, m);
  return day;
}

static long plus_months(long day, long months) {
  Civil c = civil_of(day);
  long at = (long)c.y * 12 + c.m - 1 + months;
  c.y = (int)floorl(at / 12.0L), c.m = (int)(at - 12L * c.y) + 1;
  if (c.d > month_days(c.y, c.m)) c.d = month_days(c.y, c.m);
  return day_number(c);
}

/* --- comparing */

static int s_sign(long double a, long double b) {
  long double most = fmaxl(1, fmaxl(fabsl(a), fabsl(b)));
  return fabsl(a - b) <= 1e-12L * most ? 0 : a < b ? -1 : 1;
}

static bool s_order(S a, S b, int *o) {
  if (a.k != b.k) return false;
  switch (a.k) {
    case STD_STRING: *o = str_cmp(a.s, b.s); return true;
    case STD_NUMBER:
    case STD_DATE:
    case STD_DATE_TIME:
    case STD_DAYS_DURATION:
    case STD_MONTHS_DURATION: *o = s_sign(a.n, b.n); return true;
    default: return false;
  }
}

static S s_equal(S a, S b) {
  int o;
  bool found, same = true;
  if (a.k == STD_NULL || b.k == STD_NULL) return s_truth(a.k == b.k);
  if (a.k != b.k) return none();
  if (a.k == STD_BOOLEAN) return s_truth(a.n == b.n);
  if (s_order(a, b, &o)) return s_truth(o == 0);
  if (a.len != b.len || a.bits != b.bits) return s_truth(false);
  for (size_t i = 0; i < a.len; i++) {
    S other = a.k == STD_CONTEXT ? entry_of(b, a.key[i], &found) : b.v[i];
    if (a.k == STD_CONTEXT && !found) return s_truth(false);
    same = same && is_true(s_equal(a.v[i], other));
  }
  return s_truth(same);
}

static S s_compare(NodeOp op, S a, S b) {
  int o;
  if (op == OP_EQ) return s_equal(a, b);
  if (op == OP_NE) {
    S e = s_equal(a, b);
    return e.k == STD_NULL ? e : s_truth(!is_true(e));
  }
  if (!s_order(a, b, &o)) return none();
  return s_truth(op == OP_LT ? o < 0 : op == OP_LE ? o <= 0 : op == OP_GT ? o > 0 : o >= 0);
}

static S s_and(S a, S b) {
  if (is_false(a) || is_false(b)) return s_truth(false);
  return is_true(a) && is_true(b) ? s_truth(true) : none();
}

static S s_or(S a, S b) {
  if (is_true(a) || is_true(b)) return s_truth(true);
  return is_false(a) && is_false(b) ? s_truth(false) : none();
}

enum { NO_LOW = 64, NO_HIGH = 128 }; /* of (< 5) and (> 5), beside VAL_RANGE_* */

static S s_within(S v, S low, S high, int bits) {
  S above = s_compare(bits & VAL_RANGE_LOW_IN ? OP_GE : OP_GT, v, low);
  S below = s_compare(bits & VAL_RANGE_HIGH_IN ? OP_LE : OP_LT, v, high);
  if (v.k == STD_NULL && bits > 3) return none();
  if (bits & VAL_RANGE_ONE) return s_compare(OP_EQ, v, low);
  if (bits & VAL_RANGE_OTHER) return s_compare(OP_NE, v, low);
  if (bits & NO_LOW) return below;
  if (bits & NO_HIGH) return above;
  return s_and(above, below);
}

/* --- arithmetic */

static bool s_span(S v) { return v.k == STD_DAYS_DURATION || v.k == STD_MONTHS_DURATION; }
static bool s_moment(S v) { return v.k == STD_DATE || v.k == STD_DATE_TIME; }

static S s_shift(S at, S span, int sign) {
  if (span.k == STD_DAYS_DURATION) { /* a date goes to the day that the moment lies in */
    if (at.k == STD_DATE_TIME) return s_of(STD_DATE_TIME, at.n + sign * span.n);
    return s_of(STD_DATE, floorl((at.n * 86400 + sign * span.n) / 86400));
  }
  long days = at.k == STD_DATE ? (long)at.n : (long)floorl(at.n / 86400);
  long to = plus_months(days, sign * (long)span.n);
  return s_of(at.k, at.k == STD_DATE ? to : at.n + (long double)(to - days) * 86400);
}

/* A date beside a date and time would be compared with its zone: random moments have none, so null. */
static S s_distance(S a, S b) {
  if (a.k != b.k) return none();
  return s_of(STD_DAYS_DURATION, (a.n - b.n) * (a.k == STD_DATE ? 86400 : 1));
}

static S s_span_of(StdKind k, long double n) {
  return s_of(k, k == STD_MONTHS_DURATION ? truncl(n + copysignl(1e-9L, n)) : n);
}

static S s_arith(NodeOp op, S a, S b) {
  bool numbers = a.k == STD_NUMBER && b.k == STD_NUMBER;
  switch (op) {
    case OP_ADD:
      if (numbers) return s_number(a.n + b.n);
      if (a.k == STD_STRING && b.k == STD_STRING)
        return s_text(str_of(arena_printf(&pages, "%.*s%.*s", STR_ARG(a.s), STR_ARG(b.s))));
      if (s_span(a) && a.k == b.k) return s_of(a.k, a.n + b.n);
      if (s_moment(a) && s_span(b)) return s_shift(a, b, 1);
      if (s_span(a) && s_moment(b)) return s_shift(b, a, 1);
      return none();
    case OP_SUB:
      if (numbers) return s_number(a.n - b.n);
      if (s_span(a) && a.k == b.k) return s_of(a.k, a.n - b.n);
      if (s_moment(a) && s_span(b)) return s_shift(a, b, -1);
      if (s_moment(a) && s_moment(b)) return s_distance(a, b);
      return none();
    case OP_MUL:
      if (numbers) return s_number(a.n * b.n);
      if (s_span(a) && b.k == STD_NUMBER) return s_span_of(a.k, a.n * b.n);
      if (s_span(b) && a.k == STD_NUMBER) return s_span_of(b.k, a.n * b.n);
      return none();
    case OP_DIV:
      if (s_sign(b.n, 0) == 0) return none();
      if (numbers) return s_number(a.n / b.n);
      if (s_span(a) && b.k == STD_NUMBER) return s_span_of(a.k, a.n / b.n);
      if (s_span(a) && a.k == b.k) return s_number(a.n / b.n);
      return none();
    default: return none();
  }
}

/* --- what stands behind a dot */

static S s_part(S v, Str name) {
  bool found;
  long secs = v.k == STD_DATE_TIME ? (long)v.n : 0, rest = v.k == STD_DAYS_DURATION ? (long)v.n : 0;
  if (v.k == STD_CONTEXT) return entry_of(v, name, &found);
  if (s_moment(v)) {
    long day = v.k == STD_DATE ? (long)v.n : (long)floorl(v.n / 86400);
    Civil c = civil_of(day);
    if (str_is(name, "year")) return s_number(c.y);
    if (str_is(name, "month")) return s_number(c.m);
    if (str_is(name, "day")) return s_number(c.d);
    if (str_is(name, "weekday")) return s_number(((day + 3) % 7 + 7) % 7 + 1);
    if (v.k == STD_DATE_TIME && str_is(name, "hour")) return s_number((secs - day * 86400) / 3600);
  }
  if (v.k == STD_DAYS_DURATION && str_is(name, "days")) return s_number(rest / 86400);
  if (v.k == STD_DAYS_DURATION && str_is(name, "hours")) return s_number(rest / 3600 % 24);
  if (v.k == STD_MONTHS_DURATION && str_is(name, "years")) return s_number(truncl(v.n / 12));
  if (v.k == STD_MONTHS_DURATION && str_is(name, "months")) return s_number((long)v.n % 12);
  if (v.k == STD_RANGE && str_is(name, "start")) return v.v[0];
  if (v.k == STD_RANGE && str_is(name, "end")) return v.v[1];
  return none();
}

static S s_path(S v, Str name) {
  if (v.k != STD_LIST) return s_part(v, name);
  S out = s_list(NULL, 0);
  for (size_t i = 0; i < v.len; i++) out = with(out, s_part(v.v[i], name));
  return out;
}
#endif
