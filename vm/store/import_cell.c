#include "store/import_cell.h"

#include "base/date.h"
#include "base/num.h"

#include <string.h>
#include <strings.h>

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* --- dates --------------------------------------------------------------- */

bool cell_dates_parse(Str pattern, unsigned *out, Err *e) {
  char order[4] = {0};
  size_t n = 0, signs = 0, width = 0, year = 0;
  for (size_t i = 0; i < pattern.n; i++) {
    char c = pattern.p[i];
    char part = (char)(c | 32);
    if (part != 'y' && part != 'm' && part != 'd') {
      if (n < 3) signs++;
      continue;
    }
    width++;
    if (part == 'y') year++;
    if (n && order[n - 1] == part) continue;
    if (n == 3) goto bad;
    order[n++] = part;
  }
  static const struct { const char *order; unsigned dates; } orders[] = {
    {"ymd", DATES_YMD}, {"mdy", DATES_MDY}, {"dmy", DATES_DMY}};
  *out = 0;
  for (int i = 0; i < 3; i++)
    if (!strcmp(order, orders[i].order)) *out = orders[i].dates;
  if (!*out) goto bad;
  if (signs == 0) {
    if (width != 8 || year != 4) goto bad;
    *out |= DATES_COMPACT;
  } else if (*out != DATES_YMD || year == 2) {
    *out |= DATES_SHORT_YEAR;
  }
  return true;
bad:
  err_set(e, ERR_USAGE, "--dates \"%.*s\" is no order of day, month and year", STR_ARG(pattern));
  return err_todo(e, "write it with y, m and d, as the file does: y-m-d  m/d/y  d.m.y  y年m月d日  yyyymmdd");
}

const char *cell_dates_name(unsigned dates) {
  if (dates & DATES_COMPACT)
    return dates & DATES_YMD ? "yyyymmdd" : dates & DATES_MDY ? "mmddyyyy" : "ddmmyyyy";
  return dates & DATES_YMD ? "y-m-d" : dates & DATES_MDY ? "m/d/y" : "d/m/y";
}

typedef struct Parts { int value[3], width[3]; } Parts;

static bool read_int(Str s, size_t *at, int most, int *value, int *width) {
  int v = 0, w = 0;
  while (*at < s.n && w < most && digit(s.p[*at])) v = v * 10 + (s.p[(*at)++] - '0'), w++;
  *value = v;
  *width = w;
  return w > 0;
}

static bool read_sign(Str s, size_t *at, const char *sign) {
  size_t n = strlen(sign);
  if (s.n - *at < n || memcmp(s.p + *at, sign, n) != 0) return false;
  *at += n;
  return true;
}

/* A clock time, with a zone or AM/PM, to the end of the cell. */
static bool time_follows(Str s, size_t at) {
  int v, w;
  while (at < s.n && s.p[at] == ' ') at++;
  if (!read_int(s, &at, 2, &v, &w) || v > 24 || at >= s.n || s.p[at] != ':') return false;
  for (int k = 0; k < 2 && at < s.n && s.p[at] == ':'; k++) {
    at++;
    if (!read_int(s, &at, 2, &v, &w) || v > 60) return false;
  }
  if (at < s.n && (s.p[at] == '.' || s.p[at] == ',')) {
    at++;
    while (at < s.n && digit(s.p[at])) at++;
  }
  while (at < s.n && s.p[at] == ' ') at++;
  Str rest = str_sub(s, at, s.n);
  if (!rest.n || str_is(rest, "Z") ||
      (rest.n == 2 && (!strncasecmp(rest.p, "am", 2) || !strncasecmp(rest.p, "pm", 2))))
    return true;
  if (rest.p[0] != '+' && rest.p[0] != '-') return false;
  for (size_t i = 1; i < rest.n; i++)
    if (!digit(rest.p[i]) && rest.p[i] != ':') return false;
  return rest.n >= 3 && rest.n <= 6;
}

/* Three whole numbers with date signs between them; *timed when a time follows, else nothing may. */
static bool split_date(Str s, Parts *out, bool *timed) {
  size_t at = 0;
  *timed = false;
  if (!read_int(s, &at, 4, &out->value[0], &out->width[0]) || at >= s.n) return false;
  char sign = s.p[at];
  if (sign == '-' || sign == '/' || sign == '.') {
    at++;
    if (!read_int(s, &at, 2, &out->value[1], &out->width[1]) || at >= s.n || s.p[at++] != sign) return false;
    if (!read_int(s, &at, 4, &out->value[2], &out->width[2])) return false;
  } else {
    if (!read_sign(s, &at, "年") || !read_int(s, &at, 2, &out->value[1], &out->width[1]) ||
        !read_sign(s, &at, "月") || !read_int(s, &at, 2, &out->value[2], &out->width[2]))
      return false;
    read_sign(s, &at, "日");
  }
  if (at == s.n) return true;
  if (s.p[at] != ' ' && s.p[at] != 'T') return false;
  *timed = true;
  return time_follows(s, at + 1);
}

/* 2026-01-31, the commonest form by far, without the general way. */
static bool split_iso(Str s, Parts *out) {
  const char *p = s.p;
  if (s.n != 10 && !(s.n > 10 && (p[10] == ' ' || p[10] == 'T'))) return false;
  if (p[4] != '-' || p[7] != '-') return false;
  for (int i = 0; i < 10; i++)
    if (i != 4 && i != 7 && !digit(p[i])) return false;
  *out = (Parts){{(p[0] - '0') * 1000 + (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0'),
                  (p[5] - '0') * 10 + (p[6] - '0'), (p[8] - '0') * 10 + (p[9] - '0')}, {4, 2, 2}};
  return s.n == 10 || time_follows(s, 11);
}

static bool split_compact(Str s, unsigned dates, Parts *out) {
  if (s.n != 8) return false;
  bool year_first = dates & DATES_YMD;
  const int width[3] = {year_first ? 4 : 2, 2, year_first ? 2 : 4};
  size_t at = 0;
  for (int k = 0; k < 3; k++)
    if (!read_int(s, &at, width[k], &out->value[k], &out->width[k]) || out->width[k] != width[k])
      return false;
  return true;
}

/* Where year, month and day stand. */
static const int *places(unsigned dates) {
  static const int ymd[] = {0, 1, 2}, mdy[] = {2, 0, 1}, dmy[] = {2, 1, 0};
  return dates & DATES_YMD ? ymd : dates & DATES_MDY ? mdy : dmy;
}

/* The three numbers of a cell; y, m, d say which is which. */
static bool read_date(Str cell, unsigned dates, int *y, int *m, int *d) {
  Parts p;
  bool timed;
  cell = str_trim(cell);
  if (dates & DATES_COMPACT ? !split_compact(cell, dates, &p)
                            : !split_iso(cell, &p) && !split_date(cell, &p, &timed))
    return false;
  const int *at = places(dates);
  if (p.width[at[1]] > 2 || p.width[at[2]] > 2) return false;
  *y = p.value[at[0]];
  *m = p.value[at[1]];
  *d = p.value[at[2]];
  if (p.width[at[0]] == 4) return true;
  if (p.width[at[0]] != 2 || !(dates & DATES_SHORT_YEAR)) return false;
  *y += *y < 70 ? 2000 : 1900;
  return true;
}

CellDate cell_date(Str cell, unsigned dates, Day *out) {
  int y, m, d;
  if (!read_date(cell, dates, &y, &m, &d)) return CELL_NOT;
  if (!day_real(y, m, d)) return CELL_UNREAL;
  *out = day_of(y, m, d);
  return CELL_DAY;
}

void cell_date_unreal(Str cell, unsigned dates, Buf *out) {
  static const char *const name[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"};
  int y, m, d;
  if (!read_date(cell, dates, &y, &m, &d)) return;
  if (m < 1 || m > 12) buf_printf(out, "month %d", m);
  else buf_printf(out, "%d %s", d, name[m - 1]);
}

unsigned cell_date_orders(Str cell, bool *timed) {
  Parts p;
  cell = str_trim(cell);
  if (cell.n < 8 || !digit(cell.p[0])) return 0;
  if (split_iso(cell, &p)) *timed = cell.n > 10;
  else if (!split_date(cell, &p, timed)) return 0;
  if (p.width[0] == 4) return p.width[2] <= 2 && p.value[1] <= 12 && p.value[2] <= 31 ? DATES_YMD : 0;
  if (p.width[2] != 4 || p.width[0] > 2) return 0;
  unsigned orders = 0;
  if (p.value[0] <= 12 && p.value[1] <= 31) orders |= DATES_MDY;
  if (p.value[1] <= 12 && p.value[0] <= 31) orders |= DATES_DMY;
  return orders;
}

/* --- numbers ------------------------------------------------------------- */

/* Digits of s from *at, in groups of three when `group` stands between them. *n counts the digits. */
static bool skip_digits(Str s, size_t *at, char group, size_t *n) {
  size_t from = *at, run = 0;
  bool grouped = false;
  *n = 0;
  for (; *at < s.n; (*at)++) {
    char c = s.p[*at];
    if (digit(c)) {
      run++, ++*n;
    } else if (c == group && group) {
      if (grouped ? run != 3 : run < 1 || run > 3) return false;
      grouped = true;
      run = 0;
    } else {
      break;
    }
  }
  return *at > from && (!grouped || run == 3);
}

bool cell_looks_number(Str s, char decimal) {
  size_t at = 0, whole, part = 0;
  if (at < s.n && s.p[at] == '-') at++;
  size_t first = at;
  if (!skip_digits(s, &at, decimal == ',' ? '.' : ',', &whole) || whole > 15) return false;
  if (whole > 1 && s.p[first] == '0') return false;
  if (at == s.n) return true;
  bool fraction = s.p[at] == decimal;
  if (fraction) {
    at++;
    if (!skip_digits(s, &at, 0, &part) || part > 30) return false;
    if (at == s.n) return true;
  }
  if ((s.p[at] | 32) != 'e' || ++at == s.n) return false;
  bool sign = s.p[at] == '-' || s.p[at] == '+';
  if (sign) at++;
  return (fraction || sign) && skip_digits(s, &at, 0, &part) && part <= 3 && at == s.n;
}

static Str without_currency(Str s) {
  static const char *const sign[] = {"¥", "￥", "$", "€", "£"};
  for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
    if (str_starts(s, sign[i])) return str_trim(str_sub(s, strlen(sign[i]), s.n));
  return s;
}

/* The plain form of digits: no groups, '.' for the decimal sign. False when it is no number. */
static bool plain_digits(Str s, char decimal, char *out, size_t cap, size_t *n) {
  size_t at = 0, count, len = 0;
  if (s.n >= cap) return false;
  if (at < s.n && (s.p[at] == '-' || s.p[at] == '+')) at++;
  bool whole = skip_digits(s, &at, decimal == ',' ? '.' : ',', &count);
  if (!whole && !(at < s.n && s.p[at] == decimal)) return false;
  for (size_t i = 0; i < at; i++)
    if (digit(s.p[i]) || s.p[i] == '-') out[len++] = s.p[i];
  for (bool fraction = false; at < s.n; at++) {
    char c = s.p[at];
    if (c == decimal && !fraction) out[len++] = '.', fraction = true;
    else if (digit(c) || (c | 32) == 'e' || c == '-' || c == '+') out[len++] = c;
    else return false;
  }
  *n = len;
  return true;
}

/* [-]digits[.digits] of at most 18 digits, the form nearly all cells have. */
static bool short_number(Str s, char decimal, Val *out) {
  size_t i = 0, digits = 0;
  bool minus = s.n && s.p[0] == '-';
  int64_t v = 0;
  int e = 0;
  if (minus) i++;
  if (s.n > 18) return false;
  for (; i < s.n && digit(s.p[i]); i++, digits++) v = v * 10 + (s.p[i] - '0');
  if (!digits) return false;
  if (i < s.n && s.p[i] == decimal) {
    size_t from = ++i;
    for (; i < s.n && digit(s.p[i]); i++, e--) v = v * 10 + (s.p[i] - '0');
    if (i == from) return false;
  }
  if (i != s.n) return false;
  while (e < 0 && v % 10 == 0) v /= 10, e++;
  *out = val_dec(minus ? -v : v, e);
  return true;
}

bool cell_number(Str cell, char decimal, Arena *a, Val *out) {
  if (short_number(cell, decimal, out)) return true;
  char text[96];
  Str s = without_currency(str_trim(cell));
  bool percent = s.n > 1 && s.p[s.n - 1] == '%';
  if (percent) s = str_trim(str_sub(s, 0, s.n - 1));
  size_t n;
  if (!plain_digits(s, decimal, text, sizeof text, &n)) return false;
  Str plain = {text, n};
  if (!short_number(plain, '.', out) && !num_parse(plain, out, a)) return false;
  if (percent) *out = num_norm(num_mul(*out, val_dec(1, -2), a));
  return true;
}

bool cell_bool(Str cell, bool *out) {
  static const struct { const char *word; bool value; } words[] = {
    {"true", true}, {"yes", true}, {"y", true}, {"t", true}, {"1", true}, {"是", true},
    {"false", false}, {"no", false}, {"n", false}, {"f", false}, {"0", false}, {"否", false},
  };
  Str s = str_trim(cell);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i].word) == s.n && !strncasecmp(words[i].word, s.p, s.n)) {
      *out = words[i].value;
      return true;
    }
  return false;
}
